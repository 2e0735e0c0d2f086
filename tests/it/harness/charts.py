# SPDX-License-Identifier: Apache-2.0
"""Charts computed from raw history, to hold the API's and the rollups against."""

import datetime
import json
from decimal import Decimal, localcontext

HOUR = 3_600_000
DAY = 24 * HOUR
AGGREGATES = ("min", "max", "avg", "sum", "count", "last")


def rfc3339(ms):
    return datetime.datetime.fromtimestamp(ms / 1000, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03}Z"


def decode(text):
    """JSON with its numbers as they are written."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def raw(stack, device):
    """[(time in ms, params)] of a device in the order of its history."""
    rows = stack.rows("select th_ms(ts) ts, params::text from property_history where device_id ="
                      " (select id from device where key = %s) order by property_history.ts, digest", device.key)
    return [(row["ts"], decode(row["params"])) for row in rows]


def number(value):
    return value if isinstance(value, Decimal) and abs(value) < Decimal("1e300") else None


def gather(samples, bucket, since=None, until=None, names=None):
    """{start of the bucket: {property: {aggregate: value}}}"""
    values = {}
    for ts, params in samples:
        if (since is not None and ts < since) or (until is not None and ts >= until):
            continue
        for name, value in params.items():
            if names is None or name in names:
                values.setdefault(ts - ts % bucket, {}).setdefault(name, []).append(value)
    return {start: {name: summary(seen) for name, seen in named.items()} for start, named in values.items()}


def summary(values):
    numbers = [n for n in map(number, values) if n is not None]
    with localcontext(prec=1000):
        total = sum(numbers) if numbers else None
    return {"min": min(numbers, default=None), "max": max(numbers, default=None), "sum": total,
            "avg": float(total) / len(numbers) if numbers else None, "count": len(values), "last": values[-1]}


def assert_equal(seen, wanted):
    """Exact, but for the last digits of an average, which is a float."""
    assert seen.keys() == wanted.keys()
    for start, named in wanted.items():
        assert seen[start].keys() == named.keys(), start
        for name, members in named.items():
            for aggregate, value in members.items():
                got = seen[start][name][aggregate]
                if aggregate == "avg" and value is not None:
                    assert abs(float(got) - value) <= 1e-9 * max(1.0, abs(value)), (start, name, got, value)
                else:
                    assert got == value, (start, name, aggregate, got, value)


def ask(stack, device, bucket, order="asc", **params):
    """What the API says, in the form of gather(); bucket as the API takes it."""
    answer = stack.api.get(device.path + "/history", params={
        "bucket": bucket, "order": order, "limit": 10000, "aggregate": ",".join(AGGREGATES), **params})
    assert answer.status_code == 200, answer.text
    items = decode(answer.text)["items"]
    times = [item["time"] for item in items]
    assert times == sorted(times, reverse=order == "desc")
    return {int(datetime.datetime.fromisoformat(item["time"]).timestamp() * 1000): item["properties"] for item in items}


def rolled(stack, device, unit):
    """What the rollup tables hold of a device; unit 'hour' or 'day'."""
    rows = stack.rows(
        f"select th_ms(r.ts) ts, property, min, max, sum, numbers, count, last::text from property_rollup_{unit} r"
        " where device_id = (select id from device where key = %s)", device.key)
    out = {}
    for row in rows:
        average = float(row["sum"]) / row["numbers"] if row["numbers"] else None
        out.setdefault(row["ts"], {})[row["property"]] = {
            "min": row["min"], "max": row["max"], "sum": row["sum"], "avg": average, "count": row["count"],
            "last": decode(row["last"]) if row["last"] else None}
    return out
