# SPDX-License-Identifier: Apache-2.0
"""Commands: queued, sent, answered, expired; over the real broker."""

import pytest
from harness import hooks

SET = "thing/service/property/set"
REPLY = "thing/service/property/set_reply"


def command(stack, device, params, **members):
    return stack.call("POST", device.path + "/commands", {"params": params, **members}, 201)


def read(stack, device, id):
    [found] = [c for c in stack.call("GET", device.path + "/commands")["items"] if c["id"] == id]
    return found


def wait_state(stack, device, id, state, wait_until):
    return wait_until(lambda: (c := read(stack, device, id))["state"] == state and c, message=f"command {state}")


def test_a_command_to_a_connected_device_is_sent_at_once_and_its_reply_recorded(stack, identity, wait_until):
    device = stack.online(identity)
    made = command(stack, identity, {"fan_speed": 2})
    got = device.next(SET)
    assert got["params"] == {"fan_speed": 2} and got["ack"] == 1 and isinstance(got["id"], str)
    device.publish(REPLY, {"id": got["id"], "code": 200, "data": {"took": "3 ms"}})
    done = wait_state(stack, identity, made["id"], "succeeded", wait_until)
    assert done["code"] == 200 and done["data"] == {"took": "3 ms"}


def test_a_command_waits_for_the_device_and_is_sent_when_it_comes(stack, identity, wait_until):
    made = command(stack, identity, {"a": 1})
    assert read(stack, identity, made["id"])["state"] == "queued"
    device = stack.device(identity).connect()
    got = device.next(SET)
    assert got["params"] == {"a": 1}
    assert wait_state(stack, identity, made["id"], "sent", wait_until)
    device.publish(REPLY, {"id": got["id"], "code": 204})
    wait_state(stack, identity, made["id"], "succeeded", wait_until)


def test_a_device_that_subscribes_itself_gets_each_command_once(stack, identity, wait_until):
    device = stack.online(identity)
    device.subscribe(device.topic(SET))
    for n in range(3):
        made = command(stack, identity, {"n": n})
        got = device.next(SET)
        assert got["params"] == {"n": n}
        device.publish(REPLY, {"id": got["id"], "code": 200, "data": None})
        wait_state(stack, identity, made["id"], "succeeded", wait_until)
    assert device.inbox(SET) == []


def test_pending_commands_are_merged_the_last_writer_winning(stack, identity, wait_until):
    made = [command(stack, identity, params) for params in ({"a": 1, "b": 1}, {"b": 2}, {"c": 3, "a": 4})]
    device = stack.device(identity).connect()
    got = device.next(SET)
    assert got["params"] == {"a": 4, "b": 2, "c": 3}
    device.publish(REPLY, {"id": got["id"], "code": 200, "data": None})
    for one in made:
        wait_state(stack, identity, one["id"], "succeeded", wait_until)
    assert device.inbox(SET) == []


@pytest.mark.parametrize("code", [300, 400, 500, 0, -1])
def test_a_code_outside_2xx_means_failed_and_is_kept(stack, identity, wait_until, code):
    device = stack.online(identity)
    made = command(stack, identity, {"a": 1})
    device.publish(REPLY, {"id": device.next(SET)["id"], "code": code, "data": {"why": "no"}})
    done = wait_state(stack, identity, made["id"], "failed", wait_until)
    assert done["code"] == code and done["data"] == {"why": "no"}


def test_a_second_reply_changes_nothing(stack, identity, wait_until):
    device = stack.online(identity)
    made = command(stack, identity, {"a": 1})
    id = device.next(SET)["id"]
    device.publish(REPLY, {"id": id, "code": 200, "data": 1})
    first = wait_state(stack, identity, made["id"], "succeeded", wait_until)
    before = stack.counter("command_unmatched")
    device.publish(REPLY, {"id": id, "code": 500, "data": 2})
    wait_until(lambda: stack.counter("command_unmatched") == before + 1, message="the second reply counted")
    assert read(stack, identity, made["id"]) == first
    assert stack.value("select count(*) from command_log where id = %s", int(made["id"])) == 1


def test_a_reply_of_another_device_changes_nothing(stack, identity, wait_until):
    device, other = stack.online(identity), stack.online(stack.make_device(identity.product))
    made = command(stack, identity, {"a": 1})
    id = device.next(SET)["id"]
    before = stack.counter("command_unmatched")
    other.publish(REPLY, {"id": id, "code": 500, "data": None})
    wait_until(lambda: stack.counter("command_unmatched") == before + 1, message="the foreign reply counted")
    assert read(stack, identity, made["id"])["state"] == "sent"
    device.publish(REPLY, {"id": id, "code": 200, "data": None})
    wait_state(stack, identity, made["id"], "succeeded", wait_until)


@pytest.mark.parametrize("payload", ['{"id":"unknown","code":200}', '{"code":200}', '{"id":"x"}', "x", '{"id":7,"code":200}',
                                     '{"id":"x","code":"200"}', '{"id":"x","code":200,"data":[1,2]}'])
def test_a_reply_that_matches_nothing_changes_nothing(stack, identity, payload):
    made = command(stack, identity, {"a": 1})
    stack.accept(hooks.publish(identity, REPLY, payload))
    stack.settle(identity)
    assert read(stack, identity, made["id"])["state"] == "queued"


def test_a_command_expires_and_is_not_sent_any_more(stack, identity, wait_until):
    made = command(stack, identity, {"a": 1}, ttl_seconds=1)
    kept = command(stack, identity, {"b": 2})
    wait_state(stack, identity, made["id"], "expired", wait_until)
    device = stack.device(identity).connect()
    assert device.next(SET)["params"] == {"b": 2}
    wait_state(stack, identity, kept["id"], "sent", wait_until)
    assert read(stack, identity, made["id"])["state"] == "expired"


def test_a_reply_after_the_end_of_its_command_changes_nothing(stack, identity, wait_until):
    device = stack.online(identity)
    made = command(stack, identity, {"a": 1}, ttl_seconds=1)
    id = device.next(SET)["id"]
    wait_state(stack, identity, made["id"], "expired", wait_until)
    device.publish(REPLY, {"id": id, "code": 200, "data": None})
    device.post({"mark": 1})
    wait_until(lambda: stack.history(identity), message="the mark behind the reply")
    assert read(stack, identity, made["id"])["state"] == "expired"


def test_a_sent_command_without_reply_is_sent_again_under_its_id_when_the_device_comes_back(stack, identity, wait_until):
    device = stack.online(identity)
    made = command(stack, identity, {"a": 1})
    first = device.next(SET)
    wait_state(stack, identity, made["id"], "sent", wait_until)
    device.cut()
    wait_until(lambda: not stack.state(identity)["online"], message="offline")
    device = stack.device(identity).connect()
    again = device.next(SET)
    assert (again["id"], again["params"]) == (first["id"], {"a": 1})
    device.publish(REPLY, {"id": again["id"], "code": 200, "data": None})
    wait_state(stack, identity, made["id"], "succeeded", wait_until)


def test_the_format_with_ids_carries_the_numbers_and_is_matched_by_them(stack, wait_until):
    identity = stack.make_device(stack.make_product(command_format="ids"))
    made = [command(stack, identity, params) for params in ({"a": 1}, {"a": 2, "b": 1})]
    device = stack.device(identity).connect()
    got = device.next(SET)
    ids = [int(one["id"]) for one in made]
    assert got["params"] == {"ids": ids, "data": {"a": 2, "b": 1}}
    device.publish(REPLY, {"id": "the original's devices make up their own", "code": 200, "data": ids})
    for one in made:
        wait_state(stack, identity, one["id"], "succeeded", wait_until)


def test_an_idempotency_key_makes_one_command_of_two_calls(stack, identity):
    headers = {"idempotency-key": "once"}
    body = {"params": {"a": 1}}
    first = stack.call("POST", identity.path + "/commands", body, headers=headers)
    second = stack.call("POST", identity.path + "/commands", body, headers=headers)
    assert first["id"] == second["id"]
    assert stack.value("select count(*) from command c join device d on d.id = c.device_id where d.key = %s",
                       identity.key) == 1


@pytest.mark.parametrize("body", [{}, {"params": None}, {"params": 1}, {"params": []}, {"params": {"a": 1}, "ttl_seconds": 0},
                                  {"params": {"a": 1}, "ttl_seconds": -5}, {"params": {"a": 1}, "ttl_seconds": "x"},
                                  {"params": {"a": 1}, "nonsense": 1}])
def test_a_command_of_the_wrong_form_is_refused_with_a_problem(stack, identity, body):
    answer = stack.api.post(identity.path + "/commands", json=body)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["code"]
    assert stack.call("GET", identity.path + "/commands")["items"] == []


def test_a_service_call_is_answered_on_its_own_topic(stack, identity, wait_until):
    device = stack.online(identity)
    stack.wait_subscribed(identity, "thing/service/+/call")
    made = stack.call("POST", identity.path + "/services/reboot", {"params": {"delay": 3}}, 201)
    got = device.next("thing/service/reboot/call")
    assert got["params"] == {"delay": 3}
    device.publish("thing/service/reboot/call_reply", {"id": got["id"], "code": 200, "data": {"uptime": 7}})
    assert wait_state(stack, identity, made["id"], "succeeded", wait_until)["data"] == {"uptime": 7}


def test_many_commands_to_many_devices_each_reach_theirs(stack, make_product, wait_until):
    product = make_product()
    pairs = [(i, stack.online(i)) for i in [stack.make_device(product) for _ in range(10)]]
    made = {}
    for n, (identity, device) in enumerate(pairs):
        made[n] = command(stack, identity, {"n": n})
    for n, (identity, device) in enumerate(pairs):
        got = device.next(SET)
        assert got["params"] == {"n": n}
        device.publish(REPLY, {"id": got["id"], "code": 200, "data": None})
    for n, (identity, _) in enumerate(pairs):
        wait_state(stack, identity, made[n]["id"], "succeeded", wait_until)
