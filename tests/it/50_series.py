# SPDX-License-Identifier: Apache-2.0
"""Lines of several devices: buckets with their gaps filled, pictures of raw history, caps, who may see what."""

import math
import random

import httpx
import pytest
from harness.charts import gather, raw, rfc3339
from harness.series import ask, extremes, lttb, points, store

HOUR = 3_600_000
START = 1_760_000_400_000 // HOUR * HOUR  # a whole hour


@pytest.fixture(scope="module")
def quiet(module_stack):
    """No broker: nothing else comes in."""
    return module_stack(nodes=0)


@pytest.fixture(scope="module")
def gappy(quiet):
    """Two devices with holes in what they reported within six hours."""
    dice, made = random.Random(3), []
    for _ in range(2):
        device = quiet.make_device()
        store(quiet, device, sorted((START + h * HOUR + dice.randrange(HOUR), {"t": dice.randrange(100) / 4, "s": "text"})
                                    for h in (1, 1, 3, 4) for _ in range(5)))
        made.append(device)
    return made


@pytest.mark.parametrize("aggregate", ["min", "max", "avg", "sum", "count", "last"])
@pytest.mark.parametrize("bucket", ["10m", "1h"])
def test_buckets_of_several_devices_in_the_order_asked_for(quiet, gappy, aggregate, bucket):
    length = HOUR if bucket == "1h" else HOUR // 6
    answer = ask(quiet, gappy[::-1], ["t", "none"], START, START + 6 * HOUR, bucket=bucket, aggregate=aggregate)
    assert answer["bucket"] == bucket
    assert [(i["device"], i["property"]) for i in answer["items"]] == [(d.key, p) for d in gappy[::-1] for p in ("t", "none")]
    for device, item in zip(gappy[::-1], answer["items"][::2]):
        wanted = sorted((start, named["t"][aggregate]) for start, named in gather(raw(quiet, device), length).items())
        assert [p[0] for p in points(item)] == [start for start, _ in wanted]
        assert [float(p[1]) for p in points(item)] == pytest.approx([float(v) for _, v in wanted])
        assert item["product"] == device.product
    assert [i["points"] for i in answer["items"][1::2]] == [[], []]


def filled(known, starts, fill):
    out = []
    for start in starts:
        before = [s for s in known if s <= start]
        behind = [s for s in known if s >= start]
        value = known.get(start)
        if value is None and fill == "previous" and before:
            value = known[max(before)]
        elif value is None and fill == "linear" and before and behind:
            a, b = max(before), min(behind)
            value = known[a] + (known[b] - known[a]) * (start - a) / (b - a)
        out.append(value)
    return out


@pytest.mark.parametrize("fill", ["null", "previous", "linear"])
@pytest.mark.parametrize(("bucket", "length"), [("30m", HOUR // 2), ("1h", HOUR)])
def test_gaps_are_filled(quiet, gappy, fill, bucket, length):
    since, until = START + 17, START + 6 * HOUR
    answer = ask(quiet, gappy, ["t", "none"], since, until, bucket=bucket, fill=fill)
    starts = list(range(START, until, length))
    for device, item, none in zip(gappy, answer["items"][::2], answer["items"][1::2]):
        known = {s: float(n["t"]["avg"]) for s, n in gather(raw(quiet, device), length, since, until).items()}
        assert [p[0] for p in points(item)] == starts == [p[0] for p in points(none)]
        seen = [None if v is None else float(v) for _, v in points(item)]
        wanted = filled(known, starts, fill)
        assert [v is None for v in seen] == [v is None for v in wanted]
        assert [v for v in seen if v is not None] == pytest.approx([v for v in wanted if v is not None])
        assert {v for _, v in points(none)} == {None}


def test_text_has_a_last_value_and_no_line(quiet, gappy):
    last = ask(quiet, gappy[:1], ["s"], START, START + 6 * HOUR, bucket="1h", aggregate="last", fill="previous")
    assert [v for _, v in points(last["items"][0])] == [None, *["text"] * 5]
    line = ask(quiet, gappy[:1], ["s"], START, START + 6 * HOUR, bucket="1h", aggregate="last", fill="linear")
    assert {v for _, v in points(line["items"][0])} == {None}


def test_few_reports_are_thinned_as_the_paper_says(quiet):
    device, dice = quiet.make_device(), random.Random(5)
    samples = [(START + n * 1000, {"t": dice.random() * 10}) for n in range(3000)]
    store(quiet, device, samples)
    answer = ask(quiet, [device], ["t"], START, START + HOUR, method="lttb", points=100)
    seen = [(t, float(v)) for t, v in points(answer["items"][0])]
    assert seen == lttb([(t, p["t"]) for t, p in samples], 100)
    assert answer["bucket"] is None
    whole = ask(quiet, [device], ["t"], START, START + 60_000, method="lttb", points=100)
    assert len(whole["items"][0]["points"]) == 60


def test_a_picture_of_many_reports_is_made_of_reports_and_keeps_the_peaks(quiet):
    device, dice = quiet.make_device(), random.Random(7)
    samples = [(START + n * 500, {"t": round(math.sin(n / 900) * 10 + dice.random(), 3)}) for n in range(40_000)]
    peaks = {k * 1000 + dice.randrange(100, 900): (100 + k) * (-1) ** k for k in range(40)}
    for n, value in peaks.items():
        samples[n] = (samples[n][0], {"t": value})
    samples[77] = (samples[77][0], {"t": "broken", "other": 1})
    store(quiet, device, samples)
    answer = ask(quiet, [device], ["t", "other"], START, START + 40_000 * 500, method="lttb", points=500)
    seen = [(t, float(v)) for t, v in points(answer["items"][0])]
    stored = {t: p["t"] for t, p in samples}
    assert 490 <= len(seen) <= 500 and all(stored[t] == v for t, v in seen)
    assert seen == lttb(extremes([(t, v) for t, v in stored.items() if v != "broken"], 20_000, START), 500)
    assert {stored[samples[n][0]] for n in peaks} <= {v for _, v in seen}
    assert len(answer["items"][1]["points"]) == 1


def test_points_choose_the_bucket(quiet, gappy):
    assert ask(quiet, gappy, ["t"], START, START + 6 * HOUR, points=40)["bucket"] == "10m"


def test_a_role_for_one_product_gets_404_for_the_others(quiet, gappy):
    mine, other = gappy
    token = quiet.call("POST", "/api/v1/tokens", {"name": "s", "role": "viewer", "products": [mine.product]}, 201)["token"]
    with httpx.Client(base_url=quiet.stack.http, headers={"authorization": f"Bearer {token}"}, trust_env=False) as one:
        span = (START, START + HOUR)
        assert len(ask(quiet, [mine], ["t"], *span, api=one, bucket="1h")["items"]) == 1
        hidden = ask(quiet, [mine, other], ["t"], *span, 404, api=one, bucket="1h")
        absent = ask(quiet, [mine, "no-such"], ["t"], *span, 404, api=one, bucket="1h")
        assert hidden["detail"].replace(other.key, "") == absent["detail"].replace("no-such", "")


@pytest.mark.parametrize("params", [
    {"devices": "a"}, {"devices": "a", "properties": "b"}, {"devices": "a,a", "properties": "b", "from": rfc3339(START)},
    {"devices": ",".join(f"d{n}" for n in range(21)), "properties": "b", "from": rfc3339(START)},
    {"devices": "a", "properties": "b", "from": rfc3339(START), "fill": "magic"},
    {"devices": "a", "properties": "b", "from": rfc3339(START), "bucket": "0s"},
    {"devices": "a", "properties": "b", "from": rfc3339(START), "points": "2"},
])
def test_a_request_of_the_wrong_form_is_refused(quiet, params):
    assert quiet.api.get("/api/v1/series", params=params).json()["code"] == "invalid_query"


@pytest.mark.parametrize("params", [{"bucket": "1s"}, {"to": rfc3339(START)}, {"method": "lttb", "bucket": "1h"}, {"method": "lttb", "fill": "null"},
                                    {"method": "lttb", "points": 10000, "properties": ",".join(f"p{n}" for n in range(11))}])
def test_too_much_or_too_many_is_refused(quiet, gappy, params):
    answer = quiet.api.get("/api/v1/series", params={
        "devices": gappy[0].key, "properties": "t", "from": rfc3339(START), "to": rfc3339(START + 6 * HOUR), **params})
    assert answer.json()["code"] == "invalid_query", answer.text
