# SPDX-License-Identifier: Apache-2.0
"""The live stream: what happens reaches those who may see it, as it does."""

import pytest
from harness import hooks
from harness.live import Listener
from harness.wait import PATIENCE


@pytest.fixture
def listen(stack):
    made = []

    def make(token=None, **options):
        one = Listener(stack.stack.http, token or stack.stack.admin_token, **options)
        made.append(one)
        if one.status == 200:
            one.got.get(timeout=PATIENCE)  # from now on it hears
        return one

    yield make
    for one in made:
        one.close()


def token_for(stack, role, products=None):
    return stack.call("POST", "/api/v1/tokens", {"name": "live", "role": role, "products": products}, 201)


def test_reports_and_events_come_as_they_are_stored(stack, identity, listen):
    one = listen(device=identity.key)
    assert one.answer.headers["content-type"] == "text/event-stream"
    stack.accept(hooks.property_post(identity, {"a": 1.50}), hooks.event_post(identity, "smoke", {"n": 1}))
    first = one.next("latest")
    assert (first["product"], first["device"], first["params"]) == (identity.product, identity.key, {"a": 1.5})
    assert first["time"].endswith("Z")
    event = one.next("event")
    assert (event["type"], event["params"]) == ("smoke", {"n": 1})


def test_presence_and_commands_come(stack, identity, listen):
    one = listen(device=identity.key)
    device = stack.online(identity)
    assert one.next("presence")["online"] is True
    made = stack.call("POST", identity.path + "/commands", {"params": {"x": 1}}, 201)
    assert {k: v for k, v in one.next("command").items() if k in ("id", "state")} == {"id": made["id"], "state": "queued"}
    assert one.next("command") == {"device": identity.key, "product": identity.product, "state": "sent", "ids": [made["id"]]}
    got = device.next("thing/service/property/set")
    device.publish("thing/service/property/set_reply", {"id": got["id"], "code": 200, "data": None})
    assert one.next("command")["state"] == "succeeded"
    device.close()
    assert one.next("presence")["online"] is False


def test_a_listener_gets_only_what_it_asked_for(stack, make_device, listen):
    mine, other = make_device(), make_device()
    one = listen(product=mine.product, kinds="event")
    for device in (other, mine):
        stack.accept(hooks.property_post(device, {"a": 1}), hooks.event_post(device, "e", {}))
    assert one.next()["device"] == mine.key
    stack.accept(hooks.event_post(mine, "last", {}))
    assert one.next()["type"] == "last"


def test_a_role_for_one_product_hears_nothing_of_another(stack, make_device, listen):
    mine, other = make_device(), make_device()
    token = token_for(stack, "viewer", [mine.product])["token"]
    one = listen(token)
    for _ in range(5):
        stack.accept(hooks.event_post(other, "secret", {}), hooks.property_post(other, {"a": 1}))
    stack.call("POST", other.path + "/commands", {"params": {}}, 201)
    stack.accept(hooks.event_post(mine, "mine", {}))
    assert one.next("event")["device"] == mine.key
    assert [event for event in one.seen() if event[1].get("device") == other.key] == []
    assert listen(token, product=other.product).status == 404


def test_a_role_hears_only_the_kinds_it_may_read(stack, identity, listen):
    role = "live-" + identity.key
    stack.call("POST", "/api/v1/roles", {"key": role, "permissions": ["events:read"]}, 201)
    one = listen(token_for(stack, role)["token"], device=identity.key)
    stack.accept(hooks.property_post(identity, {"a": 1}), hooks.event_post(identity, "e", {}))
    assert one.next()["type"] == "e"
    stack.call("PATCH", f"/api/v1/roles/{role}", {"permissions": ["devices:read"]})
    assert one.ended.wait(10), "a listener that may hear nothing any more is cut off"
    stack.call("PATCH", f"/api/v1/roles/{role}", {"permissions": ["system:read"]})
    assert listen(token_for(stack, role)["token"]).status == 403


def test_a_revoked_token_ends_its_streams(stack, identity, listen):
    token = token_for(stack, "viewer")
    one = listen(token["token"])
    stack.call("DELETE", f"/api/v1/tokens/{token['id']}", expect=204)
    assert one.ended.wait(10)


def test_who_comes_back_goes_on_where_they_were(stack, identity, listen):
    one = listen(device=identity.key, kinds="event")
    stack.accept(hooks.event_post(identity, "first", {}))
    assert one.next("event")["type"] == "first"
    one.close()
    for n in range(3):
        stack.accept(hooks.event_post(identity, f"missed-{n}", {}))
    again = Listener(stack.stack.http, stack.stack.admin_token, last_id=one.last_id, device=identity.key, kinds="event")
    assert [again.next("event")["type"] for _ in range(3)] == ["missed-0", "missed-1", "missed-2"]
    stack.accept(hooks.event_post(identity, "new", {}))
    assert again.next("event")["type"] == "new"
    again.close()


@pytest.mark.parametrize("last_id", ["nonsense", "0-0-0", "abc-1-1.2", "-", "9999999999999999999999"])
def test_who_cannot_go_on_is_told_to_look(stack, listen, last_id):
    one = Listener(stack.stack.http, stack.stack.admin_token, last_id=last_id)
    assert one.got.get(timeout=PATIENCE)[0] == "resync"
    one.close()


def test_without_a_device_reports_are_a_sample_and_nothing_else_is_lost(stack, make_device, listen):
    device = make_device()
    one = listen(product=device.product)
    bodies = [hooks.property_post(device, {"n": n}) for n in range(400)]
    import concurrent.futures
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda body: stack.hook(body).is_success, bodies))
    for n in range(20):
        stack.accept(hooks.event_post(device, "kept", {"n": n}))
    assert sorted(one.next("event")["params"]["n"] for _ in range(20)) == list(range(20))


@pytest.mark.parametrize("params", [{"kinds": "nonsense"}, {"product": "a b"}, {"other": "1"}])
def test_a_stream_of_the_wrong_form_is_refused(api, params):
    assert api.get("/api/v1/events", params=params).status_code == 400


def test_the_stream_of_an_unknown_product_is_not_found(api):
    assert api.get("/api/v1/events", params={"product": "no-such-product"}).status_code == 404


def test_a_listener_that_does_not_read_is_cut_and_holds_nobody_up(stack, make_device, wait_until):
    import socket
    from urllib.parse import urlsplit
    device = make_device()
    at = urlsplit(stack.stack.http)
    with socket.create_connection((at.hostname, at.port)) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        deaf.sendall(f"GET /api/v1/events?device={device.key} HTTP/1.1\r\nhost: x\r\n"
                     f"authorization: Bearer {stack.stack.admin_token}\r\n\r\n".encode())
        deaf.recv(100)
        before = stack.value("select count(*) from event_history")
        for _ in range(150):
            stack.accept(hooks.event_post(device, "big", {"text": "x" * 100000}))
        assert stack.value("select count(*) from event_history") == before + 150
        deaf.settimeout(20)
        total = 0
        while chunk := deaf.recv(1 << 20):
            total += len(chunk)
        assert total < 150 * 100000
