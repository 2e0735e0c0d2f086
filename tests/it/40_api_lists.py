# SPDX-License-Identifier: Apache-2.0
"""Lists: pages, cursors, order, filters."""

import secrets

import pytest


@pytest.fixture
def fleet(stack, make_product):
    """A product with 25 devices."""
    product = make_product()
    mark = secrets.token_hex(3)
    for n in range(25):
        stack.call("POST", f"/api/v1/products/{product}/devices", {
            "key": f"{mark}-{n:02}", "name": f"name {24 - n:02}", "tags": ["even" if n % 2 == 0 else "odd", mark],
            "attributes": {"room": n % 3, "site": "north"}, "enabled": n != 7}, 201)
    return product, mark


def walk(stack, path, **params):
    pages, cursor = [], None
    while True:
        answer = stack.call("GET", path, params=dict(params, **({"cursor": cursor} if cursor else {})))
        pages.append([item["key"] for item in answer["items"]])
        cursor = answer["next_cursor"]
        if cursor is None:
            return pages


@pytest.mark.parametrize("limit", [1, 7, 24, 25, 26])
def test_pages_give_every_item_once(stack, fleet, limit):
    product, mark = fleet
    pages = walk(stack, f"/api/v1/products/{product}/devices", limit=limit)
    assert [key for page in pages for key in page] == [f"{mark}-{n:02}" for n in range(25)]
    assert all(len(page) == limit for page in pages[:-1])


@pytest.mark.parametrize("sort", ["key", "-key", "name", "-name", "created_at", "-created_at", "seen_at", "-seen_at"])
def test_every_order_can_be_paged(stack, fleet, sort):
    product, _ = fleet
    path = f"/api/v1/products/{product}/devices"
    whole = [item["key"] for item in stack.call("GET", path, params={"sort": sort})["items"]]
    assert len(whole) == 25
    assert [key for page in walk(stack, path, limit=4, sort=sort) for key in page] == whole


def test_pages_stay_right_while_devices_come_and_go(stack, fleet):
    product, mark = fleet
    path = f"/api/v1/products/{product}/devices"
    first = stack.call("GET", path, params={"limit": 10})
    stack.call("POST", path, {"key": f"{mark}-00a"}, 201)
    stack.call("DELETE", f"{path}/{mark}-09")
    stack.call("POST", path, {"key": f"{mark}-09a"}, 201)
    second = stack.call("GET", path, params={"limit": 100, "cursor": first["next_cursor"]})
    assert [item["key"] for item in second["items"]] == [f"{mark}-09a"] + [f"{mark}-{n:02}" for n in range(10, 25)]


def test_filters_narrow_the_list(stack, fleet):
    product, mark = fleet
    path = f"/api/v1/products/{product}/devices"

    def count(**params):
        return len(stack.call("GET", path, params=params)["items"])

    assert count(tag="even") == 13
    assert count(tag=f"odd,{mark}") == 12
    assert count(tag="even,odd") == 0
    assert count(attribute="room=1") == 8
    assert count(attribute="site=south") == 0
    assert count(enabled="false") == 1
    assert count(online="true") == 0
    assert count(key=f"{mark}-03") == 1
    assert count(prefix=f"{mark}-1") == 10
    assert count(q="NAME 0") == 10
    assert count(q="100%") == 0
    assert count(source="manual") == 25
    assert count(seen_before="2999-01-01T00:00:00Z") == 25
    assert count(seen_after="2000-01-01T00:00:00Z") == 0


def test_the_flat_list_has_the_devices_of_all_products(stack, fleet, make_device):
    product, mark = fleet
    other = make_device()
    assert len(stack.call("GET", "/api/v1/devices", params={"tag": mark})["items"]) == 25
    assert len(stack.call("GET", "/api/v1/devices", params={"product": product})["items"]) == 25
    [item] = stack.call("GET", "/api/v1/devices", params={"key": other.key})["items"]
    assert item["product"] == other.product


@pytest.mark.parametrize("params", [
    {"limit": "0"}, {"limit": "1001"}, {"limit": "x"}, {"sort": "id"}, {"sort": "--key"}, {"nonsense": "1"},
    {"enabled": "1"}, {"tag": "a b"}, {"seen_after": "yesterday"}, {"attribute": "room"},
])
def test_a_parameter_of_the_wrong_form_is_refused(api, params):
    answer = api.get("/api/v1/devices", params=params)
    assert answer.status_code == 400 and answer.json()["code"] == "invalid_query"
    assert answer.json()["errors"][0]["path"] == next(iter(params))


def test_a_cursor_of_another_order_or_a_damaged_one_is_refused(stack, fleet):
    product, _ = fleet
    path = f"/api/v1/products/{product}/devices"
    cursor = stack.call("GET", path, params={"limit": 2})["next_cursor"]
    for params in ({"cursor": cursor, "sort": "-key"}, {"cursor": "!"}, {"cursor": cursor[:-3]}, {"cursor": "AAAA"}):
        answer = stack.api.get(path, params=params)
        assert (answer.status_code, answer.json()["code"]) == (404, "invalid_cursor")


def test_a_parameter_that_comes_twice_is_refused(api):
    assert api.get("/api/v1/devices?limit=1&limit=2").json()["code"] == "invalid_query"
