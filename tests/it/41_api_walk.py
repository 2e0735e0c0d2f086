# SPDX-License-Identifier: Apache-2.0
"""Every route with every role: what the catalogue says is what happens, and nothing of other products leaks."""

import contextlib
import re
import secrets

import httpx
import pytest
from harness.wait import PATIENCE

ROLES = ["viewer", "operator", "integrator", "admin"]


@pytest.fixture(scope="module")
def world(stack):
    """Two products with everything in them. Names in the hidden one carry a mark."""
    from harness import hooks
    mark = "hidden" + secrets.token_hex(4)
    mine, hidden = stack.make_device(), stack.make_device(stack.make_product(mark + "-p"), mark + "-d")
    for device in (mine, hidden):
        stack.accept(hooks.property_post(device, {device.key: 1}), hooks.event_post(device, device.key, {}),
                     hooks.publish(device, "thing/event/property/post", b"no json"))
        stack.call("PATCH", device.path + "/shadow", {"desired": {device.key: 1}})
        stack.call("PATCH", device.path, {"tags": [device.key], "name": device.key})
        stack.rows("insert into alarm (device_id, product_id, key, source, severity, raised_at, last_raised_at)"
                   " select id, product_id, key, 'script', 'warning', now(), now() from device where key = %s returning id",
                   device.key)
    return {"mine": mine, "hidden": hidden, "mark": mark}


@pytest.fixture(scope="module")
def routes(stack):
    """Every operation of the API's own description."""
    paths = stack.api.get("/api/openapi.json").json()["paths"]
    return [(method.upper(), path, operation) for path, item in paths.items() for method, operation in item.items()]


def client(stack, role, products=None):
    token = stack.call("POST", "/api/v1/tokens", {"name": "walk", "role": role, "products": products}, 201)["token"]
    # As behind a proxy: what this machine itself may see counts for nothing.
    headers = {"authorization": f"Bearer {token}", "x-forwarded-for": "192.0.2.1"}
    return httpx.Client(base_url=stack.stack.http, headers=headers, timeout=PATIENCE, trust_env=False)


@contextlib.contextmanager
def signed_in(stack, *grants):
    """A browser of an account with these grants."""
    key, password = "walk-" + secrets.token_hex(4), secrets.token_hex(8)
    stack.call("POST", "/api/v1/accounts", {"key": key, "password": password, "roles": grants}, 201)
    stack.db.execute("update account set must_change = false where key = %s", [key])
    with httpx.Client(base_url=stack.stack.http, timeout=PATIENCE, trust_env=False) as one:
        answer = one.post("/api/v1/session", json={"account": key, "password": password})
        assert answer.status_code == 201, answer.text
        # The cookies are for https, which the client would not send here by itself.
        one.headers["cookie"] = "; ".join(line.split(";")[0] for line in answer.headers.get_list("set-cookie"))
        one.headers["x-csrf-token"] = answer.json()["csrf_token"]
        yield one


def fill(path, device):
    known = {"product": device.product, "device": device.key, "service": "walk", "name": "walk"}
    return re.sub(r"{(\w+)}", lambda m: known.get(m.group(1), "999999999"), path)


def send(one, method, path, operation, device):
    """A request that is right in form as far as permission is concerned; its body is not, so that nothing is changed."""
    body = {"nonsense-member": 1} if "requestBody" in operation else None
    if "text/event-stream" in operation["responses"].get("200", {}).get("content", {}):
        return head_of_stream(one, method, fill(path, device))
    if operation["operationId"] in ("products.delete", "devices.delete", "tokens.delete"):
        return one.request(method, fill(path, device), headers={"if-match": '"0"'})
    return one.request(method, fill(path, device), json=body)


def head_of_stream(one, method, path):
    """A stream has no end: its head says who may hear it (what it says to whom is for the tests of the stream)."""
    with one.stream(method, path) as answer:
        if not answer.headers.get("content-type", "").startswith("text/event-stream"):
            answer.read()
            return answer
        return httpx.Response(answer.status_code, headers={"x-request-id": answer.headers.get("x-request-id", "-")})


def test_every_route_answers_every_role_as_its_permission_says(stack, world, routes):
    catalogue = {p["permission"]: p["level"] for p in stack.call("GET", "/api/v1/permissions")["permissions"]}
    wrong = []
    for role in ROLES:
        with client(stack, role) as one:
            for method, path, operation in routes:
                permission = operation.get("x-permission")
                answer = send(one, method, path, operation, world["mine"])
                if operation.get("security") == [] or not permission:
                    allowed = answer.status_code != 403 or "signed in" in answer.text
                else:
                    allowed = (answer.status_code != 403) == (ROLES.index(role) >= ROLES.index(catalogue[permission]))
                if not allowed or answer.status_code >= 500 and path != "/readyz":
                    wrong.append((role, method, path, answer.status_code))
    assert wrong == []


def test_every_route_is_closed_without_credentials(stack, world, routes):
    with httpx.Client(base_url=stack.stack.http, timeout=PATIENCE, trust_env=False, headers={"x-forwarded-for": "192.0.2.1"}) as one:
        open_ones = [path for method, path, operation in routes
                     if send(one, method, path, operation, world["mine"]).status_code not in (401, 429)]
    declared = [path for _, path, operation in routes if operation.get("security") == []]
    assert sorted(set(open_ones) - set(declared)) == []


def leaks_of(one, world, routes):
    """What somebody with rights for `mine` alone learns of `hidden`: by paths, lists, counts, filters, error texts."""
    mine, hidden, mark = world["mine"], world["hidden"], world["mark"]
    leaks = []
    for method, path, operation in routes:
        for device in (mine, hidden) if operation["operationId"] != "session.delete" else ():  # which ends the walk
            answer = send(one, method, path, operation, device)
            said = answer.text.replace(answer.headers.get("x-request-id", "-"), "")
            if mark in said or (device is hidden and "{product}" in path and answer.status_code not in (403, 404)):
                leaks.append((method, path, device.product, answer.status_code))
    lists = [path for method, path, operation in routes if method == "GET" and "{" not in path
             and "next_cursor" in str(operation["responses"].get("200", ""))]
    assert {"/api/v1/devices", "/api/v1/products", "/api/v1/dead-letters", "/api/v1/audit"} <= set(lists)
    for path in lists:
        for query in (f"?product={hidden.product}", f"?device={hidden.key}", f"?q={mark}", f"?tag={hidden.key}", "?limit=1000",
                      "?limit=1000&count=true", f"?count=true&q={mark}"):
            answer = one.get(path + query)
            body = answer.json() if answer.status_code == 200 else {}
            counted = body.get("total", {"value": 0, "estimate": False})
            if mark in answer.text or (counted["value"] > len(body.get("items", [])) and "next_cursor" in body
                                       and body["next_cursor"] is None):
                leaks.append((path, query, counted))
    return leaks


@pytest.mark.parametrize("role", ROLES)
def test_a_role_for_one_product_learns_nothing_of_another(stack, world, routes, role):
    with client(stack, role, [world["mine"].product]) as one:
        assert leaks_of(one, world, routes) == []


def test_a_role_of_ones_own_for_one_product_learns_nothing_of_another(stack, world, routes):
    """A role with every permission there is, by a token and by an account."""
    role = "walk-" + secrets.token_hex(4)
    everything = [p["permission"] for p in stack.call("GET", "/api/v1/permissions")["permissions"]]
    stack.call("POST", "/api/v1/roles", {"key": role, "permissions": everything}, 201)
    with client(stack, role, [world["mine"].product]) as one:
        assert leaks_of(one, world, routes) == []
    with signed_in(stack, {"role": role, "product": world["mine"].product}) as one:
        assert leaks_of(one, world, routes) == []
        assert one.get("/api/v1/session").json()["scoped"] is True


def test_roles_for_different_products_do_not_add_up(stack, world):
    """Viewer of one and operator of another is operator of that one only."""
    mine, hidden = world["mine"], world["hidden"]
    with signed_in(stack, {"role": "viewer", "product": hidden.product}, {"role": "operator", "product": mine.product}) as one:
        for device, status in ((mine, 200), (hidden, 404)):
            assert one.get(device.path).status_code == 200
            assert one.patch(device.path, json={"name": device.key}).status_code == status
        assert one.post("/api/v1/products", json={"key": "walk-" + secrets.token_hex(4)}).status_code == 403


@pytest.mark.parametrize("permission", ["devices:read", "history:read", "commands:create", "audit:read"])
def test_a_role_with_one_permission_has_just_that(stack, world, routes, permission):
    role = "walk-" + secrets.token_hex(4)
    stack.call("POST", "/api/v1/roles", {"key": role, "permissions": [permission]}, 201)
    with client(stack, role) as one:
        for method, path, operation in routes:
            needed = operation.get("x-permission")
            if needed:
                answer = send(one, method, path, operation, world["mine"])
                assert (answer.status_code == 403) == (needed != permission), (method, path, answer.status_code)
