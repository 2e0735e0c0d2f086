# SPDX-License-Identifier: Apache-2.0
"""Replies to reports, over the real broker."""

import pytest
from harness import hooks

POST = "thing/event/property/post"
REPLY = "thing/event/property/post_reply"


@pytest.fixture
def device(stack, identity):
    device = stack.online(identity)
    stack.wait_subscribed(identity, REPLY)
    return device


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_a_report_that_asks_for_it_is_answered_after_it_is_stored(stack, identity, device, qos):
    device.post({"a": 1}, id="q-1", ack=1, qos=qos)
    answer = device.next(REPLY)
    assert {k: answer[k] for k in ("id", "code")} == {"id": "q-1", "code": 200}
    assert "data" in answer
    assert [row["params"] for row in stack.history(identity)] == [{"a": 1}]


def test_a_numeric_id_is_answered_as_its_text(device):
    device.publish(POST, '{"id":42,"params":{"a":1},"ack":1}')
    assert device.next(REPLY)["id"] == "42"


def test_a_report_that_does_not_ask_is_not_answered(stack, identity, device):
    device.post({"a": 1}, id="silent", ack=0)
    device.post({"a": 2}, id="asking", ack=1)
    assert device.next(REPLY)["id"] == "asking"
    assert device.inbox(REPLY) == []


@pytest.mark.parametrize("type", ["alarm", "test"])
def test_an_event_is_answered_on_its_own_topic(stack, identity, device, type):
    device.publish(f"thing/event/{type}/post", {"id": "e1", "params": {"x": 1}, "ack": 1})
    assert device.next(f"thing/event/{type}/post_reply")["code"] == 200
    assert [event["type"] for event in stack.events(identity)] == [type]


@pytest.mark.parametrize("payload", ['{"id":"bad","ack":1}', '{"id":"bad","params":null,"ack":1}',
                                     '{"id":"bad","params":7,"ack":1}'])
def test_a_report_of_the_wrong_shape_is_answered_400_when_its_id_can_be_read(stack, identity, device, payload):
    device.publish(POST, payload)
    answer = device.next(REPLY)
    assert (answer["id"], answer["code"]) == ("bad", 400)
    assert stack.history(identity) == []


def test_a_report_over_the_limit_is_answered_413(device):
    device.publish(POST, '{"id":"big","ack":1,"params":{"a":"%s"}}' % ("x" * 300_000))
    answer = device.next(REPLY)
    assert (answer["id"], answer["code"]) == ("big", 413)


def test_a_batch_is_answered_once(device):
    device.post([{"params": {"a": 1}}, {"params": {"a": 2}}], id="batch", ack=1)
    assert device.next(REPLY)["id"] == "batch"
    device.post({"a": 3}, id="after", ack=1)
    assert device.next(REPLY)["id"] == "after"
    assert device.inbox(REPLY) == []


def test_a_duplicate_is_not_answered_again(stack, identity, device):
    body = hooks.property_post(identity, {"a": 1}, id="twice", ack=1)
    stack.accept(body)
    assert device.next(REPLY)["id"] == "twice"
    stack.accept(body)
    device.post({"a": 2}, id="after", ack=1)
    assert device.next(REPLY)["id"] == "after"
    assert device.inbox(REPLY) == []


def test_messages_of_all_qos_are_stored_once_each(stack, identity, device, wait_until):
    for n in range(30):
        device.post({"n": n}, id=str(n), qos=n % 3)
    wait_until(lambda: len(stack.history(identity)) >= 30, message="30 rows")
    assert sorted(row["params"]["n"] for row in stack.history(identity)) == list(range(30))


def test_a_retained_report_is_stored(stack, identity, device, wait_until):
    device.client.publish(device.topic(POST), '{"id":"1","params":{"kept":1}}', 1, retain=True).wait_for_publish(5)
    wait_until(lambda: stack.history(identity), message="the row")
    assert stack.history(identity)[0]["params"] == {"kept": 1}
