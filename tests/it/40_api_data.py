# SPDX-License-Identifier: Apache-2.0
"""What devices reported, read through the API: latest, history, events, presence, dead letters."""

import base64

import pytest
from harness import hooks

T0 = 1_780_000_000_000  # a fixed day; far enough back to be in the past, near enough for the retention


def rfc(ms):
    import datetime
    return datetime.datetime.fromtimestamp(ms / 1000, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03}Z"


@pytest.fixture
def samples(stack, identity):
    """Sixty reports, one a minute, put into the history as the ingest path would; returns their first time."""
    number = stack.value("select id from device where key = %s", identity.key)
    start = stack.value("select (th_ms(date_trunc('hour', now())) - 7200000)::bigint")
    stack.db.execute(
        "insert into property_history select %s, th_time(%s + i * 60000::bigint), gen_random_uuid(), now(), 0, 0,"
        " jsonb_build_object('t', i, 'half', i / 2.0, 'name', 'n' || i) from generate_series(0, 59) i", [number, start])
    return start


def test_latest_has_each_property_with_its_time(stack, identity):
    stack.accept(hooks.property_post(identity, {"a": 1.50, "b": {"c": []}}))
    stack.accept(hooks.property_post(identity, {"a": 2}))
    seen = stack.call("GET", identity.path + "/latest")["properties"]
    assert seen["a"]["value"] == 2 and seen["b"]["value"] == {"c": []}
    assert seen["a"]["time"] >= seen["b"]["time"] and seen["a"]["time"].endswith("Z")


def test_history_is_paged_newest_first_or_oldest_first(stack, identity, samples):
    path = identity.path + "/history"
    for order, expected in (("desc", list(range(59, -1, -1))), ("asc", list(range(60)))):
        seen, cursor = [], None
        while True:
            answer = stack.call("GET", path, params={"order": order, "limit": 25, **({"cursor": cursor} if cursor else {})})
            seen += [item["params"]["t"] for item in answer["items"]]
            cursor = answer["next_cursor"]
            if cursor is None:
                break
        assert seen == expected


def test_history_takes_a_range_and_properties(stack, identity, samples):
    answer = stack.call("GET", identity.path + "/history", params={
        "from": rfc(samples + 10 * 60000), "to": rfc(samples + 13 * 60000), "order": "asc", "properties": "t,absent"})
    assert answer["items"] == [{"time": rfc(samples + n * 60000), "params": {"t": n}} for n in (10, 11, 12)]
    assert stack.call("GET", identity.path + "/history", params={"properties": "absent"})["items"] == []


def test_history_in_buckets(stack, identity, samples):
    answer = stack.call("GET", identity.path + "/history", params={
        "bucket": "30m", "order": "asc", "properties": "t,name", "aggregate": "min,max,avg,sum,count,last"})
    first, second = answer["items"]
    assert first["time"] == rfc(samples) and second["time"] == rfc(samples + 30 * 60000)
    assert first["properties"]["t"] == {"min": 0, "max": 29, "avg": 14.5, "sum": 435, "count": 30, "last": 29}
    assert second["properties"]["t"] == {"min": 30, "max": 59, "avg": 44.5, "sum": 1335, "count": 30, "last": 59}
    assert second["properties"]["name"] == {"min": None, "max": None, "avg": None, "sum": None, "count": 30, "last": "n59"}
    assert answer["next_cursor"] is None


def test_too_many_buckets_are_refused(stack, identity, samples):
    answer = stack.api.get(identity.path + "/history", params={"bucket": "1m", "limit": 10})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_query")


@pytest.mark.parametrize("params", [{"bucket": "0m"}, {"bucket": "1y"}, {"aggregate": "median"}, {"order": "up"},
                                    {"from": "2026-02-30T00:00:00Z"}, {"limit": "10001"}])
def test_history_refuses_what_it_does_not_know(stack, identity, params):
    assert stack.api.get(identity.path + "/history", params=params).status_code == 400


def test_events_are_listed_by_type(stack, identity):
    for kind in ("smoke", "door", "smoke"):
        stack.accept(hooks.event_post(identity, kind, {"n": 1}))
    assert [item["type"] for item in stack.call("GET", identity.path + "/events")["items"]].count("smoke") == 2
    only = stack.call("GET", identity.path + "/events", params={"type": "door"})["items"]
    assert [(item["type"], item["params"]) for item in only] == [("door", {"n": 1})]


def test_presence_shows_the_connection_and_its_history(stack, identity, wait_until):
    device = stack.online(identity)
    seen = stack.call("GET", identity.path + "/presence")
    assert seen["online"] and seen["node"] == 1 and seen["address"] and seen["connected_at"]
    device.close()
    wait_until(lambda: not stack.call("GET", identity.path + "/presence")["online"], message="offline")
    events = [item["event"] for item in stack.call("GET", identity.path + "/presence", params={"order": "asc"})["items"]]
    assert events == ["connected", "disconnected"]


def test_dead_letters_are_listed_read_and_discarded(stack, identity):
    stack.accept(hooks.publish(identity, "thing/event/property/post", b"\xff\xfe"))
    [letter] = stack.call("GET", "/api/v1/dead-letters", params={"device": identity.key, "reason": "bad_payload"})["items"]
    assert (letter["product"], letter["device"], letter["action"]) == (identity.product, identity.key, "message_publish")
    whole = stack.call("GET", f"/api/v1/dead-letters/{letter['id']}")
    assert whole["encoding"] == "text" and base64.b64encode(b"\xff\xfe").decode() in whole["body"]
    stack.call("DELETE", f"/api/v1/dead-letters/{letter['id']}", expect=204)
    assert stack.api.get(f"/api/v1/dead-letters/{letter['id']}").status_code == 404


def test_a_dead_letter_that_is_no_text_is_read_as_base64(stack):
    mark = stack.value("select coalesce(max(id), 0) from dead_letter")
    stack.hook(b"\x00\xff\xfe")
    number = stack.value("select id from dead_letter where id > %s order by id limit 1", mark)
    whole = stack.call("GET", f"/api/v1/dead-letters/{number}")
    assert whole["encoding"] == "base64" and base64.b64decode(whole["body"]) == b"\x00\xff\xfe"
