# SPDX-License-Identifier: Apache-2.0
"""Property posts and events, from the hook to the tables and the API."""

import base64
import datetime

import pytest
from harness import hooks


def latest(stack, device):
    return stack.call("GET", device.path + "/latest")["properties"]


def rfc3339(ms):
    return datetime.datetime.fromtimestamp(ms / 1000, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03}Z"


def test_a_post_is_kept_whole_and_each_property_with_its_time(stack, identity):
    params = {"temperature": 21.5, "humidity": 40, "on": True, "mode": "eco", "nothing": None, "list": [1, {"a": []}]}
    body = hooks.property_post(identity, params)
    stack.accept(body)
    [row] = stack.history(identity)
    assert row["params"] == params
    assert row["ts"] == row["received_at"] == body["ts"]
    assert row["flags"] == 0
    assert latest(stack, identity) == {
        name: {"value": value, "time": rfc3339(body["ts"])} for name, value in params.items()}


@pytest.mark.parametrize("text", ["9007199254740993", "9223372036854775807", "-9223372036854775808", "0.1", "1e300",
                                  "123456789012345678901234567890", "1.10", "-0.0"])
def test_numbers_are_kept_as_they_came(stack, identity, text):
    stack.accept(hooks.publish(identity, "thing/event/property/post", '{"id":"1","params":{"n":%s}}' % text))
    kept = stack.value("select params->>'n' from property_history h join device d on d.id = h.device_id"
                       " where d.key = %s", identity.key)
    same = stack.value("select %s::jsonb #>> '{}'", text)
    assert kept == same


def test_text_of_all_planes_is_kept(stack, identity):
    params = {"näme": "grüße, 世界, 🌡️", "escapes": "\" \\ / \b \f \n \r \t", "": "an empty name", "x" * 300: 1}
    stack.accept(hooks.property_post(identity, params))
    assert stack.history(identity)[0]["params"] == params
    assert {name: p["value"] for name, p in latest(stack, identity).items()} == params


@pytest.mark.parametrize("body", ["message_publish-qos1", "message_publish-qos0-mtls"])
def test_the_recorded_payload_of_the_broker_is_stored(stack, identity, body):
    recorded = hooks.recorded(body)
    stack.accept(dict(recorded, topic=f"{identity.product}/{identity.key}/thing/event/property/post",
                      from_clientid=identity.key, from_username=identity.product))
    [row] = stack.history(identity)
    assert row["params"] == {"t": 1}
    assert row["ts"] == recorded["ts"]


@pytest.mark.parametrize("payload", ['{"id":7,"params":{"a":1}}', '{"params":{"a":1}}', '{"id":"1","params":{"a":1},"x":{}}',
                                     '{"id":"1","params":{"a":1},"ack":null}', '{"id":"1","params":{"a":1},"ack":0}\n'])
def test_lenient_forms_are_taken(stack, identity, payload):
    stack.accept(hooks.publish(identity, "thing/event/property/post", payload))
    assert stack.history(identity)[0]["params"] == {"a": 1}


def test_one_leading_slash_is_taken(stack, identity):
    topic = f"/{identity.product}/{identity.key}/thing/event/property/post"
    stack.accept(hooks.property_post(identity, {"slash": 1}, topic=topic))
    assert stack.history(identity)[0]["params"] == {"slash": 1}


@pytest.mark.parametrize("type", ["test", "alarm_local", "x", "Button-2", "p" * 128])
def test_an_event_of_any_type_is_kept_with_its_type(stack, identity, type):
    body = hooks.event_post(identity, type, {"level": 3})
    stack.accept(body)
    assert stack.events(identity) == [{"ts": body["ts"], "flags": 0, "type": type, "params": {"level": 3}}]
    assert stack.history(identity) == []
    [item] = stack.call("GET", identity.path + "/events")["items"]
    assert (item["type"], item["params"], item["time"]) == (type, {"level": 3}, rfc3339(body["ts"]))


def test_a_message_makes_the_device_seen(stack, identity):
    body = hooks.property_post(identity, {"a": 1})
    stack.accept(body)
    assert stack.state(identity)["seen_at"] is not None


def test_history_is_read_in_pages_and_ranges(stack, identity):
    start = hooks.now_ms()
    stack.accept(*[hooks.property_post(identity, {"n": n}, start - 100_000 + n * 1000) for n in range(25)])
    seen, cursor = [], None
    while True:
        options = {"limit": 10, **({"cursor": cursor} if cursor else {})}
        page = stack.call("GET", identity.path + "/history", params=options)
        assert len(page["items"]) <= 10
        seen += [item["params"]["n"] for item in page["items"]]
        cursor = page.get("next_cursor")
        if not cursor:
            break
    assert sorted(seen) == list(range(25)) and len(seen) == 25
    assert seen in (sorted(seen), sorted(seen, reverse=True))
    part = stack.call("GET", identity.path + "/history", params={
        "from": rfc3339(start - 95_000), "to": rfc3339(start - 90_000), "limit": 100})
    numbers = {item["params"]["n"] for item in part["items"]}
    assert set(range(5, 10)) <= numbers <= set(range(5, 11))


def test_a_batch_stores_each_report_under_its_own_time(stack, identity):
    now = hooks.now_ms()
    batch = [{"time": now - 3000, "params": {"a": 1, "b": 1}}, {"time": rfc3339(now - 1000), "params": {"a": 3}},
             {"time": now - 2000, "params": {"a": 2, "c": 2}}, {"params": {"d": 4}}]
    stack.accept(hooks.publish(identity, "thing/event/property/post", {"id": "1", "params": batch}, now))
    assert [(row["ts"], row["params"]) for row in stack.history(identity)] == [
        (now - 3000, {"a": 1, "b": 1}), (now - 2000, {"a": 2, "c": 2}), (now - 1000, {"a": 3}), (now, {"d": 4})]
    assert {name: p["value"] for name, p in latest(stack, identity).items()} == {"a": 3, "b": 1, "c": 2, "d": 4}


def test_equal_reports_of_one_batch_are_all_kept(stack, identity):
    now = hooks.now_ms()
    batch = [{"time": now - 1000, "params": {"a": 1}}] * 3
    stack.accept(hooks.publish(identity, "thing/event/property/post", {"id": "1", "params": batch}, now))
    assert len(stack.history(identity)) == 3


@pytest.mark.parametrize("time", ["ms", "rfc3339", "offset"])
def test_a_late_report_is_kept_under_the_time_it_names(stack, identity, time):
    now = hooks.now_ms()
    late = now - 3_600_000
    forms = {"ms": late, "rfc3339": rfc3339(late), "offset": rfc3339(late + 7_200_000).replace("Z", "+02:00")}
    stack.accept(hooks.property_post(identity, {"a": "new"}, now - 1),
                 hooks.publish(identity, "thing/event/property/post",
                               {"id": "1", "params": {"a": "old", "b": 1}, "time": forms[time]}, now))
    assert [(row["ts"], row["received_at"]) for row in stack.history(identity)] == [(late, now), (now - 1, now - 1)]
    assert {name: p["value"] for name, p in latest(stack, identity).items()} == {"a": "new", "b": 1}


@pytest.mark.parametrize("off", [+600_000, +10**10, -32 * 86_400_000])
def test_a_clock_that_is_off_is_replaced_by_the_brokers_and_marked(stack, identity, off):
    now = hooks.now_ms()
    stack.accept(hooks.publish(identity, "thing/event/property/post",
                               {"id": "1", "params": {"a": 1}, "time": now + off}, now))
    [row] = stack.history(identity)
    assert (row["ts"], row["flags"]) == (now, 1)


def test_a_report_of_no_property_is_stored(stack, identity):
    stack.accept(hooks.property_post(identity, {}))
    assert [row["params"] for row in stack.history(identity)] == [{}]
    assert latest(stack, identity) == {}


def test_the_newest_values_of_the_first_thousand_names_are_kept_and_all_of_history(stack, identity):
    params = {f"p{n}": n for n in range(1000)}
    stack.accept(hooks.property_post(identity, params))
    assert {name: p["value"] for name, p in latest(stack, identity).items()} == params
    more = {"p0": "newer", "one too many": 1}
    stack.accept(hooks.property_post(identity, more))
    assert [row["params"] for row in stack.history(identity)] == [params, more]
    seen = latest(stack, identity)
    assert len(seen) == 1000 and seen["p0"]["value"] == "newer"


def test_a_payload_with_line_breaks_in_base64_is_what_the_broker_would_never_send(stack, identity):
    text = base64.encodebytes(b'{"id":"1","params":{"a":"%s"}}' % (b"x" * 200)).decode()
    stack.accept(hooks.property_post(identity, {}, payload=text))
    stack.settle(identity)
    assert stack.history(identity) == []
