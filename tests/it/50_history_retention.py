# SPDX-License-Identifier: Apache-2.0
"""What is kept and for how long: partitions, a product's retention, reports out of time, dead letters."""

import contextlib
import random

import psycopg
import pytest
from harness import charts, hooks
from harness.charts import DAY, HOUR

KEPT, ROLLED = 30, 365  # days


@pytest.fixture
def quiet(module_stack):
    """A platform without a broker, not shared: what is dropped here is gone."""
    return module_stack(nodes=0, settings={"dead_letter.per_minute": 3})


@contextlib.contextmanager
def job(stack, name):
    """Keeps the platform's own job from running meanwhile; gives a connection that holds its lock."""
    with psycopg.connect(stack.stack.database) as db:
        db.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"thingd {name}"])
        yield db


def keep(stack, history=KEPT, rollup=ROLLED):
    """Housekeeping until all is kept; returns how many partitions it made or dropped."""
    done = total = 0
    with job(stack, "partitions") as db:
        while True:
            done = db.execute("select th_partitions_keep(%s * interval '1 day', %s * interval '1 day')",
                              [history, rollup]).fetchone()[0]
            total += done
            db.commit()
            if done == 0:
                return total


def roll_up(stack):
    while stack.value("select count(*) from rollup_due where hour < date_trunc('hour', now())"):
        stack.value("select th_rollup(1000, '0')")


def report(device, at, params):
    return hooks.publish(device, "thing/event/property/post", {"id": "1", "ack": 0, "time": at, "params": params})


def items(stack, device, **params):
    return [(item["time"], item["params"]) for item in
            stack.call("GET", device.path + "/history", params={"order": "asc", **params})["items"]]


def day(stack, table, at):
    """The name of the partition that holds the rows of a time."""
    return stack.value(f"select to_char(th_time(%s) at time zone 'UTC', '\"{table}_\"YYYYMMDD')", at)


def test_a_report_older_than_any_partition_is_kept_read_and_ages(quiet):
    device = quiet.make_device()
    at = hooks.now_ms() - 10 * DAY
    quiet.accept(report(device, at, {"a": 1}), report(device, at + 1000, {"a": 3}), hooks.property_post(device, {"a": 9}))
    assert quiet.value("select count(*) from property_history_rest") == 2
    old = [(charts.rfc3339(at), {"a": 1}), (charts.rfc3339(at + 1000), {"a": 3})]
    assert items(quiet, device)[:2] == old
    assert items(quiet, device, to=charts.rfc3339(at + DAY)) == old
    roll_up(quiet)
    keep(quiet)
    assert items(quiet, device)[:2] == old
    chart = charts.ask(quiet, device, "1d")
    keep(quiet, history=9)
    assert quiet.value("select count(*) from property_history_rest") == 0
    assert [params for _, params in items(quiet, device)] == [{"a": 9}]
    assert charts.ask(quiet, device, "1d") == chart and len(chart) == 2


def test_a_day_is_not_dropped_before_its_rollups_are_made(quiet):
    device = quiet.make_device()
    at = hooks.now_ms() - 2 * DAY
    with job(quiet, "rollup") as db:
        quiet.accept(report(device, at, {"a": 5}))
        quiet.value("select th_rollup(1000, '0')")  # finds another at work
        with psycopg.connect(quiet.stack.database, autocommit=True) as other:
            other.execute("select th_partitions_keep('1 day', '365 days')")
            assert other.execute("select to_regclass(%s)", [day(quiet, "property_history", at)]).fetchone()[0]
        db.rollback()
    roll_up(quiet)
    keep(quiet, history=1)
    assert quiet.value("select to_regclass(%s)", day(quiet, "property_history", at)) is None
    assert [params for _, params in items(quiet, device)] == []
    [chart] = charts.ask(quiet, device, "1d").values()
    assert (chart["a"]["count"], chart["a"]["sum"]) == (1, 5)


def test_a_late_report_does_not_change_the_rollups_of_what_is_gone(quiet):
    product = quiet.make_product(retention_days=2)
    device = quiet.make_device(product)
    at = hooks.now_ms() - 3 * DAY
    quiet.accept(*[report(device, at - at % HOUR + n * 1000, {"a": n}) for n in range(10)])
    roll_up(quiet)
    quiet.value("select th_retention_products(1000)")
    assert items(quiet, device) == []
    before = charts.ask(quiet, device, "1h")
    quiet.accept(report(device, at - at % HOUR + 500, {"a": 77}))
    assert charts.ask(quiet, device, "1h") == before
    roll_up(quiet)
    assert charts.ask(quiet, device, "1h") == before
    [named] = before.values()
    assert (named["a"]["count"], named["a"]["max"]) == (10, 9)


def test_a_products_retention_goes_in_steps_and_to_the_hour(quiet):
    product = quiet.make_product(retention_days=1)
    device, other = quiet.make_device(product), quiet.make_device()
    now = hooks.now_ms()
    edge = now - now % HOUR - DAY
    times = [edge - n * 60_000 for n in range(1, 26)] + [edge, edge + 1]
    for owner in (device, other):
        quiet.accept(hooks.publish(owner, "thing/event/property/post", {
            "id": "1", "ack": 0, "params": [{"time": at, "params": {"a": at % 997}} for at in times]}))
    roll_up(quiet)
    quiet.value("select th_retention_products(1000)")  # what other products have to delete
    quiet.db.execute("update history_since set swept = '-infinity'")
    quiet.accept(*[report(device, at, {"b": 1}) for at in times[:20]])
    steps = []
    roll_up(quiet)
    while not steps or steps[-1]:
        steps.append(quiet.value("select th_retention_products(7)"))
    assert max(steps) <= 7 and sum(steps) == 20
    assert [at for at, _ in items(quiet, device)] == [charts.rfc3339(edge), charts.rfc3339(edge + 1)]
    assert len(items(quiet, other)) == 27
    assert sum(m["a"]["count"] for m in charts.ask(quiet, device, "1h").values()) == 27
    charts.assert_equal(charts.ask(quiet, other, "1h"), charts.gather(charts.raw(quiet, other), HOUR))


@pytest.mark.parametrize("year", ["1970-01-01T00:00:01Z", "2100-01-01T00:00:00Z"])
def test_a_clock_that_makes_no_sense_gets_the_brokers_time(quiet, year):
    device = quiet.make_device()
    now = hooks.now_ms()
    quiet.accept(hooks.publish(device, "thing/event/property/post", {
        "id": "1", "params": {"a": 1}, "time": year}, now),
        hooks.publish(device, "thing/event/smoke/post", {"id": "2", "params": {}, "time": year}, now + 1))
    [row] = quiet.history(device)
    [event] = quiet.events(device)
    assert (row["ts"], row["flags"], event["ts"], event["flags"]) == (now, 1, now + 1, 1)
    assert items(quiet, device) == [(charts.rfc3339(now), {"a": 1})]


def test_how_far_a_clock_may_be_off_is_configured(fresh_stack):
    stack = fresh_stack(nodes=0, settings={"ingest.clock_ahead": "10s", "ingest.clock_behind": "40d"})
    device = stack.make_device()
    now = hooks.now_ms()
    for off in (-39 * DAY, -41 * DAY, 9_000, 11_000):
        stack.accept(hooks.publish(device, "thing/event/property/post", {
            "id": "1", "ack": 0, "params": {"off": off}, "time": now + off}, now))
    assert {row["params"]["off"]: (row["ts"] - now, row["flags"]) for row in stack.history(device)} == {
        -39 * DAY: (-39 * DAY, 0), -41 * DAY: (0, 1), 9_000: (9_000, 0), 11_000: (0, 1)}


def test_rows_without_a_partition_move_to_it_when_it_is_made(quiet):
    device = quiet.make_device()
    name = day(quiet, "property_history", hooks.now_ms())
    quiet.db.execute(f"alter table property_history detach partition {name}; drop table {name}")
    quiet.accept(*[hooks.property_post(device, {"a": n}) for n in range(5)])
    assert quiet.value("select count(*) from property_history_rest where device_id = (select id from device where key = %s)",
                       device.key) == 5
    assert keep(quiet) <= 1  # 0: the server's own round came first
    assert quiet.value(f"select count(*) from {name} where device_id = (select id from device where key = %s)",
                       device.key) == 5
    assert quiet.value("select count(*) from property_history_rest") == 0
    assert len(items(quiet, device)) == 5


def test_reports_flow_while_their_partition_is_made(quiet, ledger):
    device = quiet.make_device()
    name = day(quiet, "property_history", hooks.now_ms())
    bodies = {n: hooks.property_post(device, {"n": n}) for n in range(400)}
    sending = ledger.start(quiet.hook_url, bodies, threads=8)
    rounds = 0
    while ledger.count() < len(bodies) or rounds < 3:
        quiet.db.execute(f"begin; lock property_history; create temp table kept_{rounds} as select * from {name};"
                         f" alter table property_history detach partition {name}; drop table {name};"
                         f" insert into property_history select * from kept_{rounds}; commit")
        keep(quiet)  # or the server's own round was first
        assert quiet.value(f"select to_regclass('{name}') is not null")
        rounds += 1
    sending.join()
    assert ledger.accepted == set(bodies) and quiet.dead_letters(device) == []
    assert sorted(row["params"]["n"] for row in quiet.history(device)) == list(range(400))


def test_housekeeping_does_not_make_traffic_wait_for_a_reader(quiet):
    device = quiet.make_device()
    at = hooks.now_ms() - 2 * DAY
    name = day(quiet, "connection_history", at)
    with psycopg.connect(quiet.stack.database) as reader:
        reader.execute("select count(*) from connection_history")
        with job(quiet, "partitions") as db:
            db.execute("delete from partitioned where parent <> 'connection_history'")
            assert db.execute("select th_partitions_keep('1 day', '365 days')").fetchone()[0] == 0
            db.rollback()
        assert quiet.value("select to_regclass(%s)", name) is not None
        quiet.accept(hooks.connected(device, hooks.now_ms(), hooks.address()))
    keep(quiet, history=1)
    assert quiet.value("select to_regclass(%s)", name) is None
    assert quiet.value("select count(*) from connection_history") == 1


def test_dead_letters_have_a_cap_in_bytes_and_an_end(quiet):
    device, other = quiet.make_device(), quiet.make_device()
    blob = random.Random(1).randbytes(20_000)
    for owner in (device, device, device, other):
        quiet.accept(hooks.publish(owner, "thing/event/property/post", blob))
    sizes = {letter["id"]: len(letter["body"]) for letter in quiet.dead_letters(device)}
    assert len(sizes) == 3 and min(sizes.values()) > 20_000
    newest = max(sizes)
    quiet.value("select th_dead_letters_trim(%s)", sizes[newest] + 400)
    assert [letter["id"] for letter in quiet.dead_letters(device)] == [newest]
    assert len(quiet.dead_letters(other)) == 1
    quiet.db.execute("insert into dead_letter (ts, reason, body, body_size) select now() - interval '40 days', 'old', '', 0")
    keep(quiet)
    assert quiet.dead_letters(reason="old") == []


def test_dead_letters_are_counted_by_product_and_reason(quiet):
    device = quiet.make_device()
    for n in range(5):
        quiet.accept(hooks.publish(device, "thing/event/property/post", b"not json %d" % n))
    quiet.accept(hooks.publish(device, "thing/event/property/post", {"id": "1"}))
    ask = {"product": device.product}
    seen = {item["reason"]: item for item in quiet.call("GET", "/api/v1/dead-letters/summary", params=ask)["items"]}
    kept = quiet.rows("select reason, count(*) n from dead_letter where product_key = %s group by 1", device.product)
    assert {row["reason"]: row["n"] for row in kept} == {reason: item["kept"] for reason, item in seen.items()}
    assert sum(item["kept"] + item["counted"] for item in seen.values()) == 6
    assert max(item["counted"] for item in seen.values()) >= 2
    assert all(item["product"] == device.product and item["first"] <= item["last"] for item in seen.values())
    none = dict(ask, to=charts.rfc3339(hooks.now_ms() - HOUR))
    assert quiet.call("GET", "/api/v1/dead-letters/summary", params=none)["items"] == []
    assert quiet.api.get("/api/v1/dead-letters/summary", params={"product": "?"}).status_code == 400
