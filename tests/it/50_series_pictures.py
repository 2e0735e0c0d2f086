# SPDX-License-Identifier: Apache-2.0
"""Pictures of long ranges: whatever they are put together from, they are what raw history would give."""

import contextlib
import random

import psycopg
import pytest
from harness import charts, hooks
from harness.charts import DAY, HOUR, raw
from harness.series import ask, extremes, lttb, points, store

PART = 300_000  # what rollups keep the line of an hour in


@pytest.fixture(scope="module")
def quiet(module_stack):
    """No broker: nothing else comes in."""
    return module_stack(nodes=0)


@contextlib.contextmanager
def no_rollups(stack):
    """Keeps the platform's own job away."""
    with psycopg.connect(stack.stack.database) as db:
        db.execute("select pg_advisory_xact_lock(hashtext('thingd rollup'))")
        yield


def due(stack, device):
    return stack.value("select count(*) from rollup_due where hour < date_trunc('hour', now())"
                       " and device_id = (select id from device where key = %s)", device.key)


def roll_up(stack, device, left=0):
    while due(stack, device) > left:
        stack.value("select th_rollup(20, '0')")


def reports(dice, start, hours, many=300, few=9):
    """Every third hour has many, the others have few; with equal values, texts, and numbers that are no place."""
    samples = []
    for hour in range(hours):
        for _ in range(few if hour % 3 else many):
            at = start + hour * HOUR + dice.randrange(HOUR)
            text = dice.choice(['"broken"', "1e305", f"{dice.randrange(-400, 400) / 10}0", *[
                str(round(dice.gauss(hour % 24, 3), 2)) for _ in range(12)]])
            samples.append((at, '{"t":%s}' % text))
    return list({at: (at, params) for at, params in sorted(samples)}.values())


def numbers(stack, device):
    """[(time in ms, number, its text)] of raw history."""
    return [(at, float(params["t"]), str(params["t"])) for at, params in raw(stack, device)
            if charts.number(params["t"]) is not None]


def seen(stack, device, since, until, count):
    [item] = ask(stack, [device], ["t"], since, until, method="lttb", points=count)["items"]
    return [(at, float(value), str(value)) for at, value in points(item)]


def length(since, until, count):
    """Of the parts that a range of so many points is cut into."""
    joined = max(1, (until - since) // (2 * count * PART))
    return PART * (joined if joined < 12 else joined // 12 * 12)


def compare(stack, device, ranges):
    stored = numbers(stack, device)
    for since, until in ranges:
        within = [point for point in stored if since <= point[0] < until]
        assert len(within) > 8000
        for count in (20, 45, 300, 900):
            assert seen(stack, device, since, until, count) == lttb(
                extremes(within, length(since, until, count)), count), count


def test_a_picture_is_the_same_whatever_it_is_made_of(quiet):
    device, dice = quiet.make_device(), random.Random(1)
    start = hooks.now_ms() // HOUR * HOUR - 6 * DAY
    until = start + 96 * HOUR
    samples = reports(dice, start, 96)
    late = [(at + 1, params) for at, params in dice.sample(samples, 30)]
    ranges = [(start, until), (start + 1_234_567, until - 765_432)]
    with no_rollups(quiet):
        store(quiet, device, samples)
        assert due(quiet, device) == 96
        compare(quiet, device, ranges)
    roll_up(quiet, device, left=40)
    compare(quiet, device, ranges)
    roll_up(quiet, device)
    rolled = quiet.rows("select numbers, line, min_at from property_rollup_hour"
                        " where device_id = (select id from device where key = %s)", device.key)
    assert {(row["numbers"] > 120, row["line"] is not None, row["min_at"] is not None) for row in rolled} == {
        (True, True, True), (False, False, True)}
    compare(quiet, device, ranges)
    with no_rollups(quiet):
        store(quiet, device, late)
        assert 0 < due(quiet, device) <= 30
        compare(quiet, device, ranges)
    roll_up(quiet, device)
    compare(quiet, device, ranges)
    quiet.db.execute("update property_rollup_hour set min_at = null, max_at = null, line_at = null, line = null"
                     " where ts < th_time(%s)", [start + 50 * HOUR])  # as rollups were before they had a line
    compare(quiet, device, ranges)


def test_a_peak_of_a_second_in_a_month_is_seen(quiet):
    device, dice = quiet.make_device(), random.Random(2)
    until = hooks.now_ms() // HOUR * HOUR
    start = until - 29 * DAY
    samples = [(start + n * 180_000 + dice.randrange(170_000), {"t": dice.random()}) for n in range(29 * 480)]
    peaks = {at - at % 1000 + 1000: 10 + n for n, at in enumerate(dice.choice(samples)[0] for _ in range(15))}
    dense = start + 11 * DAY
    samples += [(dense + n * 2000, {"t": dice.random()}) for n in range(1800)]
    peaks[dense + 777_000] = -9
    store(quiet, device, sorted({**dict(samples), **{at: {"t": value} for at, value in peaks.items()}}.items()))
    roll_up(quiet, device)
    drawn = {at: value for at, value, _ in seen(quiet, device, start, until, 500)}
    assert {at: drawn.get(at) for at in peaks} == peaks and len(drawn) == 500


def test_rollups_outlive_raw_history_and_so_do_pictures(quiet):
    device = quiet.make_device(quiet.make_product(retention_days=1))
    now = hooks.now_ms() // HOUR * HOUR
    start, edge = now - 4 * DAY, now - DAY
    store(quiet, device, reports(random.Random(3), start, 96))
    roll_up(quiet, device)
    stored = numbers(quiet, device)
    gone = [point for point in stored if point[0] < edge]
    while quiet.value("select th_retention_products(10000)"):
        pass
    assert numbers(quiet, device) == [point for point in stored if point[0] >= edge]
    hours = {}
    for point in gone:
        hours.setdefault(point[0] // HOUR, []).append(point)
    kept = [point for members in hours.values() for point in extremes(members, PART if len(members) > 120 else HOUR)]
    for count in (20, 45, 300, 900):
        part = length(start, now, count)
        assert seen(quiet, device, start, now, count) == lttb(
            extremes([*kept, *stored[len(gone):]], part), count), count
    finer = [point for point in kept if start <= point[0] < start + 7 * HOUR]
    assert seen(quiet, device, start, start + 7 * HOUR, 500) == finer and len(finer) > 60
