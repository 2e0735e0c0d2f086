# SPDX-License-Identifier: Apache-2.0
"""Charts: whatever they are put together from, they say what raw history says."""

import json
import random

import psycopg
import pytest
from harness import charts, hooks
from harness.charts import DAY, HOUR

LONG = "x" * 400  # longer than a rollup keeps


@pytest.fixture(scope="module")
def quiet(module_stack):
    """A platform without a broker: hooks come straight to the door."""
    return module_stack(nodes=0)


def value(dice):
    """JSON text of a value: mostly numbers, of all kinds."""
    kind = dice.randrange(12)
    if kind < 4:
        return str(dice.randint(-1000, 1000))
    if kind < 8:
        return repr(round(dice.uniform(-1e6, 1e6), dice.randrange(6)))
    return [json.dumps(dice.choice([True, False, None, "on", "off", LONG, [1, 2], {"a": 1}])),
            dice.choice(["1e305", "-1e305", "1e-9", "9007199254740993", "0.1"]),
            "0.30000000000000004", json.dumps("naïve \u2028")][kind - 8]


def report(dice, device, times):
    """A hook with a batch of reports at these times."""
    samples = ",".join(
        '{"time":%d,"params":{%s}}' % (at, ",".join(
            f'"{name}":{value(dice)}' for name in dice.sample(["a", "b", "c", "state"], dice.randint(0, 4))))
        for at in times)
    return hooks.publish(device, "thing/event/property/post", '{"id":"1","ack":0,"params":[%s]}' % samples)


def settle_rollups(stack, device):
    """Until only running hours of the device are due."""
    while stack.value("select count(*) from rollup_due where hour < date_trunc('hour', now())"
                      " and device_id = (select id from device where key = %s)", device.key):
        stack.value("select th_rollup(1000, '0')")


def compare(stack, device, dice, start, rounds):
    samples = charts.raw(stack, device)
    for _ in range(rounds):
        bucket = dice.choice(["1h", "60m", "2h", "7h", "24h", "1d", "2d", "7d", "45m", "3600s"])
        length = int(bucket[:-1]) * {"s": 1000, "m": 60_000, "h": HOUR, "d": DAY}[bucket[-1]]
        bounds = sorted(dice.randint(start - HOUR, hooks.now_ms()) for _ in range(2))
        if dice.random() < 0.3:  # on the edges of hours and days
            edge = dice.choice([HOUR, DAY])
            bounds = [bound - bound % edge for bound in bounds]
        since, until = (bound if dice.random() < 0.8 else None for bound in bounds)
        names = dice.choice([None, None, ["a"], ["a", "state", "absent"]])
        params = {"order": dice.choice(["asc", "desc"])}
        params.update({"from": charts.rfc3339(since)} if since is not None else {})
        params.update({"to": charts.rfc3339(until)} if until is not None else {})
        params.update({"properties": ",".join(names)} if names else {})
        charts.assert_equal(charts.ask(stack, device, bucket, **params),
                            charts.gather(samples, length, since, until, names))


@pytest.mark.parametrize("seed", range(4))
def test_charts_say_what_raw_history_says_at_every_stage(quiet, seed):
    dice = random.Random(seed)
    device = quiet.make_device()
    start = hooks.now_ms() - 4 * DAY
    for _ in range(4):
        times = [dice.randint(start, hooks.now_ms()) for _ in range(150)]
        times += dice.choices(times, k=20)  # two reports of one time
        times += [time - time % HOUR for time in dice.choices(times, k=10)] + [hooks.now_ms()]
        for at in range(0, len(times), 20):
            quiet.accept(report(dice, device, times[at:at + 20]))
        compare(quiet, device, dice, start, 8)
        quiet.value("select th_rollup(%s, '0')", dice.randint(1, 60))
        compare(quiet, device, dice, start, 8)
    settle_rollups(quiet, device)
    compare(quiet, device, dice, start, 24)
    assert quiet.dead_letters(device) == []


def test_the_chart_reads_rollups_and_not_the_history_they_were_made_from(quiet):
    device = quiet.make_device()
    at = hooks.now_ms() // DAY * DAY - 2 * DAY
    dice = random.Random(7)
    quiet.accept(report(dice, device, [at + n * HOUR // 2 for n in range(48)]))
    settle_rollups(quiet, device)
    wanted = charts.gather(charts.raw(quiet, device), HOUR)
    assert len(wanted) > 20
    for members in (member for named in wanted.values() for member in named.values()):
        if members["last"] == LONG:
            members["last"] = None  # is looked up in the history
    quiet.db.execute("delete from property_history where device_id = (select id from device where key = %s)",
                     [device.key])
    charts.assert_equal(charts.ask(quiet, device, "1h"), wanted)
    assert len(charts.ask(quiet, device, "1d")) == 1
    assert charts.ask(quiet, device, "30m") == {}


def test_late_reports_while_the_rollups_are_computed(quiet, ledger):
    devices = [quiet.make_device() for _ in range(4)]
    dice = random.Random(11)
    start = hooks.now_ms() // DAY * DAY - 2 * DAY
    bodies = {n: report(dice, devices[n % 4], [start + dice.randrange(DAY // 4) + dice.randrange(2) * DAY
                                               for _ in range(10)]) for n in range(600)}
    sending = ledger.start(quiet.hook_url, bodies, threads=6)
    computed = 0
    while ledger.count() < len(bodies):
        computed += quiet.value("select th_rollup(7, '0')")
    sending.join()
    assert ledger.accepted == set(bodies) and computed > 0
    for device in devices:
        settle_rollups(quiet, device)
        samples = charts.raw(quiet, device)
        for unit, length in (("hour", HOUR), ("day", DAY)):
            wanted = charts.gather(samples, length)
            for members in (member for named in wanted.values() for member in named.values()):
                if members["last"] == LONG:
                    members["last"] = None
            charts.assert_equal(charts.rolled(quiet, device, unit), wanted)


def test_two_jobs_at_once_leave_whole_days(quiet):
    device = quiet.make_device()
    start = hooks.now_ms() // DAY * DAY - DAY
    quiet.accept(report(random.Random(3), device, [start + n * HOUR for n in range(20)]))
    with psycopg.connect(quiet.stack.database) as one, psycopg.connect(quiet.stack.database) as other:
        first = one.execute("select th_rollup(3, '0')").fetchone()[0]
        assert other.execute("select th_rollup(3, '0')").fetchone()[0] == 0 or first == 0
        one.commit()
        other.commit()
    settle_rollups(quiet, device)
    days = charts.rolled(quiet, device, "day")
    assert {at: {name: m["count"] for name, m in named.items()} for at, named in days.items()} == {
        at: {name: m["count"] for name, m in named.items()}
        for at, named in charts.gather(charts.raw(quiet, device), DAY).items()}


def test_an_hour_is_left_alone_while_a_batch_relies_on_its_mark(quiet):
    device = quiet.make_device()
    hour = hooks.now_ms() // HOUR - 5
    number = quiet.value("select id from device where key = %s", device.key)
    with psycopg.connect(quiet.stack.database) as batch:
        # By the server's clock that hour is over: the batch marks it though its own clock says otherwise.
        batch.execute("select th_rollup_mark(array[%s::bigint], array[%s::bigint], '{true}', %s)", [number, hour, hour])
        quiet.db.execute("insert into rollup_due values (0, th_time(%s)) on conflict do nothing", [hour * HOUR])
        quiet.value("select th_rollup(100000, '0', '10 s')")
        due = "select count(*) from rollup_due where hour = th_time(%s)"
        assert quiet.value(due, hour * HOUR) == 1
        batch.commit()
    assert quiet.value(due, hour * HOUR) == 2
    quiet.value("select th_rollup(100000, '0', '10 s')")
    quiet.value("select pg_advisory_xact_lock(hashtext('thingd rollup'))")  # after the platform's own job, if it runs
    quiet.value("select th_rollup(100000, '0', '10 s')")
    assert quiet.value(due, hour * HOUR) == 0


def test_a_running_hour_is_marked_once_and_stays_marked(quiet):
    device = quiet.make_device()
    for n in range(3):
        quiet.accept(hooks.property_post(device, {"a": n}))
    marks = "select th_ms(hour) as hour from rollup_due where device_id = (select id from device where key = %s)"
    hours = {row["ts"] - row["ts"] % HOUR for row in quiet.history(device)}
    assert {row["hour"] for row in quiet.rows(marks, device.key)} == hours
    assert sum(m["a"]["count"] for m in charts.ask(quiet, device, "1h").values()) == 3


@pytest.mark.parametrize("days, points, length", [(1, 1000, 5 * 60_000), (1, 60, 30 * 60_000), (30, 1000, HOUR),
                                                  (30, 31, DAY), (30, 3, 30 * DAY)])
def test_a_chart_of_so_many_points_chooses_its_buckets(quiet, days, points, length):
    device = quiet.make_device()
    now = hooks.now_ms()
    since = now - days * DAY
    dice = random.Random(days)
    for _ in range(3):
        quiet.accept(report(dice, device, [dice.randint(since, now) for _ in range(200)]))
    answer = quiet.api.get(device.path + "/history", params={
        "from": charts.rfc3339(since), "to": charts.rfc3339(now), "points": points, "aggregate": "count", "limit": 10000})
    assert answer.status_code == 200, answer.text
    seen = {item["time"]: {name: m["count"] for name, m in item["properties"].items()} for item in answer.json()["items"]}
    wanted = charts.gather(charts.raw(quiet, device), length, since, now)
    assert seen == {charts.rfc3339(at): {name: m["count"] for name, m in named.items()} for at, named in wanted.items()}
    assert 0 < len(seen) <= points


def test_points_without_a_beginning_are_of_a_day(quiet):
    device = quiet.make_device()
    now = hooks.now_ms()
    quiet.accept(hooks.property_post(device, {"a": 1}, now - 2 * DAY), hooks.property_post(device, {"a": 2}, now))
    [bucket] = quiet.call("GET", device.path + "/history?points=10&aggregate=count")["items"]
    assert bucket["properties"] == {"a": {"count": 1}}
