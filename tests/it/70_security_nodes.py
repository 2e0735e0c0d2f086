# SPDX-License-Identifier: Apache-2.0
"""Hook tokens: each is tied to a broker node, a kind (plain, mtls) and, if it says so, a source address."""

import pytest
from harness import hooks

PLAIN, SECOND, MTLS, ELSEWHERE = "p" * 32, "q" * 32, "m" * 32, "e" * 32
TOKENS = f"1:plain:{PLAIN},1:plain:{SECOND},2:mtls:{MTLS},*:plain:{ELSEWHERE}@127.0.0.9"
POST = "thing/event/property/post"


@pytest.fixture(scope="module")
def guarded(module_stack):
    """A platform without a broker and with tokens of each sort."""
    return module_stack(nodes=0, settings={"hook.tokens": TOKENS})


@pytest.fixture
def device(guarded):
    return guarded.make_device()


def door(stack, name, token):
    return f"{stack.hook_url.rsplit('/hook/', 1)[0]}/{name}/{token}"


def ask(stack, token, device, username, word):
    body = {"client_id": device.key, "username": username, "password": word, "protocol": "4", "ipaddress": "127.0.0.1"}
    answer = stack.door.post(door(stack, "auth", token), json=body)
    return answer.json()["result"] if answer.status_code == 200 else "deny"


def subjects(device):
    name = f"{device.product}/{device.key}"
    return [f"CN={name}", f"O=thingd, serialNumber=0A1B2C, CN={name}"]


@pytest.mark.parametrize("token", [PLAIN, SECOND])
def test_both_tokens_of_a_node_are_valid_while_one_is_replaced(guarded, device, token):
    assert ask(guarded, token, device, device.product, device.password()) == "allow"
    assert guarded.hook(hooks.property_post(device, {"a": 1}), url=door(guarded, "hook", token)).is_success
    assert len(guarded.history(device)) == 1


def test_a_certificate_is_believed_from_an_mtls_node_only(guarded, device):
    for subject in subjects(device):
        assert ask(guarded, MTLS, device, subject, "") == "allow"
        assert ask(guarded, PLAIN, device, subject, "") == "deny"


def test_an_mtls_node_takes_no_passwords(guarded, device):
    assert ask(guarded, MTLS, device, device.product, device.password()) == "deny"


def test_a_certificate_of_another_device_is_denied(guarded, device):
    other = guarded.make_device(device.product)
    for subject in subjects(other):
        assert ask(guarded, MTLS, device, subject, "") == "deny"


@pytest.mark.parametrize("username", ["", "CN=", "CN=x", "CN=a/b/c", "O=x", "{p}", "CN={p}/{d}, CN=other/{d}", "CN={p}/{d}\n"])
def test_a_subject_of_another_form_is_denied(guarded, device, username):
    assert ask(guarded, MTLS, device, username.format(p=device.product, d=device.key), "") == "deny"


def test_a_message_through_an_mtls_node_is_the_devices_own(guarded, device):
    url = door(guarded, "hook", MTLS)
    for number, subject in enumerate(subjects(device)):
        body = hooks.property_post(device, {"n": number}, from_username=subject, from_node=2)
        assert guarded.hook(body, url=url).is_success
    assert [row["params"]["n"] for row in guarded.history(device)] == [0, 1]


def test_a_plain_sender_is_not_believed_from_an_mtls_node(guarded, device):
    guarded.hook(hooks.property_post(device, {"a": 1}, from_node=2), url=door(guarded, "hook", MTLS))
    guarded.hook(hooks.event_post(device, "mark", {}), url=door(guarded, "hook", PLAIN))
    assert [event["type"] for event in guarded.events(device)] == ["mark"]
    assert guarded.history(device) == []


@pytest.mark.parametrize("token,node", [(PLAIN, 2), (MTLS, 1), (PLAIN, 0), (PLAIN, -1), (PLAIN, 2**40)])
def test_a_token_does_not_speak_for_another_node(guarded, device, token, node):
    username = device.product if token == PLAIN else subjects(device)[0]
    body = hooks.property_post(device, {"a": 1}, from_node=node, from_username=username)
    assert guarded.hook(body, url=door(guarded, "hook", token)).is_success
    guarded.hook(hooks.event_post(device, "mark", {}), url=door(guarded, "hook", PLAIN))
    assert guarded.history(device) == []


def test_a_token_is_not_taken_from_an_address_it_does_not_name(guarded, device):
    answer = guarded.hook(hooks.property_post(device, {"a": 1}), url=door(guarded, "hook", ELSEWHERE))
    assert answer.status_code in (401, 403, 404)
    assert ask(guarded, ELSEWHERE, device, device.product, device.password()) == "deny"
    guarded.hook(hooks.event_post(device, "mark", {}), url=door(guarded, "hook", PLAIN))
    assert guarded.history(device) == []
