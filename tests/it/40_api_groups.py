# SPDX-License-Identifier: Apache-2.0
"""Groups, tags, counts, settings, statistics, limits."""

import secrets

import httpx
import pytest


@pytest.fixture
def fleet(stack, make_product):
    """A product with ten devices, five of them tagged."""
    product, mark = make_product(), "t" + secrets.token_hex(4)
    keys = []
    for n in range(10):
        keys.append(f"{mark}-{n}")
        stack.call("POST", f"/api/v1/products/{product}/devices", {"key": keys[-1], "tags": [mark] if n % 2 else []}, 201)
    return product, mark, keys


def members(stack, group, **params):
    return [item["key"] for item in stack.call("GET", f"/api/v1/groups/{group}/members", params=params)["items"]]


def make_group(stack, **body):
    key = "g-" + secrets.token_hex(4)
    stack.call("POST", "/api/v1/groups", {"key": key, **body}, 201)
    return key


def test_a_static_group_holds_what_was_put_into_it(stack, fleet, make_device):
    product, mark, keys = fleet
    group = make_group(stack, name="some")
    stranger = make_device()
    path = f"/api/v1/groups/{group}/members"
    answer = stack.call("POST", path, {"add": [keys[0], keys[1], stranger.key, "no-such"]})
    assert answer == {"added": 3, "removed": 0, "unknown": ["no-such"]}
    assert members(stack, group) == sorted([keys[0], keys[1], stranger.key])
    assert stack.call("POST", path, {"add": [keys[0]], "remove": [keys[1]]}) == {"added": 0, "removed": 1, "unknown": []}
    assert members(stack, group, limit=1) == [min(keys[0], stranger.key)]
    found = stack.call("GET", "/api/v1/devices", params={"group": group})["items"]
    assert {item["key"] for item in found} == {keys[0], stranger.key}
    stack.call("DELETE", f"/api/v1/products/{product}/devices/{keys[0]}")
    assert members(stack, group) == [stranger.key]


def test_a_group_of_one_product_takes_its_devices_only(stack, fleet, make_device):
    product, _, keys = fleet
    group = make_group(stack, product=product)
    answer = stack.call("POST", f"/api/v1/groups/{group}/members", {"add": [keys[0], make_device().key]})
    assert answer["added"] == 1 and len(answer["unknown"]) == 1


def test_a_query_group_finds_its_members(stack, fleet):
    product, mark, keys = fleet
    group = make_group(stack, kind="query", query={"tag": mark})
    assert members(stack, group) == keys[1::2]
    stack.call("PATCH", f"/api/v1/products/{product}/devices/{keys[0]}", {"tags": [mark]})
    assert len(members(stack, group)) == 6
    stack.call("PATCH", f"/api/v1/groups/{group}", {"query": {"tag": None, "prefix": keys[3]}})
    assert members(stack, group) == [keys[3]]
    answer = stack.api.post(f"/api/v1/groups/{group}/members", json={"add": [keys[0]]})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize(("body", "status"), [
    ({"kind": "query", "query": {"nonsense": "x"}}, 422), ({"kind": "query", "query": {"online": "maybe"}}, 422),
    ({"kind": "static", "query": {"tag": "x"}}, 409), ({"product": "no-such-product"}, 409), ({"kind": "other"}, 422),
    ({"kind": "query", "query": {"tag": 1}}, 422), ({"kind": "query", "query": {"group": "x"}}, 422),
])
def test_a_group_of_the_wrong_form_is_refused(api, body, status):
    assert api.post("/api/v1/groups", json={"key": "g-" + secrets.token_hex(4), **body}).status_code == status


def test_groups_of_others_stay_hidden(stack, fleet, make_device):
    product, mark, keys = fleet
    mine = make_device()
    theirs, all_over = make_group(stack, product=product), make_group(stack)
    stack.call("POST", f"/api/v1/groups/{all_over}/members", {"add": [mine.key]})
    token = stack.call("POST", "/api/v1/tokens", {"name": "g", "role": "integrator", "products": [mine.product]}, 201)["token"]
    with httpx.Client(base_url=stack.stack.http, headers={"authorization": f"Bearer {token}"}, trust_env=False) as one:
        for group in (theirs, all_over):
            for path in ("", "/members"):
                assert one.get(f"/api/v1/groups/{group}{path}").status_code == 404
            assert one.get("/api/v1/devices", params={"group": group}).json()["items"] == []
        assert one.post("/api/v1/groups", json={"key": "g-x"}).status_code == 403
        assert one.post("/api/v1/groups", json={"key": "g-x", "product": product}).status_code == 409
        key = "g-" + secrets.token_hex(4)
        assert one.post("/api/v1/groups", json={"key": key, "product": mine.product}).status_code == 201
        assert one.get("/api/v1/groups").json()["items"][0]["key"] == key
        answer = one.post(f"/api/v1/groups/{key}/members", json={"add": [mine.key, keys[0]]}).json()
        assert answer == {"added": 1, "removed": 0, "unknown": [keys[0]]}


def test_tags_are_counted(stack, fleet):
    product, mark, keys = fleet
    path = "/api/v1/tags"
    assert stack.call("GET", path, params={"product": product})["items"] == [{"tag": mark, "product": product, "devices": 5}]
    stack.call("PATCH", f"/api/v1/products/{product}/devices/{keys[0]}", {"tags": [mark, "other"]})
    stack.call("DELETE", f"/api/v1/products/{product}/devices/{keys[1]}")
    found = {item["tag"]: item["devices"] for item in stack.call("GET", path, params={"product": product})["items"]}
    assert found == {mark: 5, "other": 1}


def test_lists_say_how_many_there_are_when_asked(stack, fleet):
    product, mark, _ = fleet
    path = f"/api/v1/products/{product}/devices"
    assert "total" not in stack.call("GET", path)
    assert stack.call("GET", path, params={"count": "true", "limit": 2})["total"] == {"value": 10, "estimate": False}
    assert stack.call("GET", path, params={"count": "true", "tag": mark})["total"] == {"value": 5, "estimate": False}


def test_settings_are_changed_and_restored(stack):
    before = stack.call("GET", "/api/v1/settings")
    assert stack.call("PATCH", "/api/v1/settings", {"site_name": "Lab"})["site_name"] == "Lab"
    assert stack.api.patch("/api/v1/settings", json={"rate_per_minute": 0}).status_code == 422
    assert stack.api.patch("/api/v1/settings", json={"nonsense": 1}).status_code == 422
    assert stack.call("PATCH", "/api/v1/settings", {"site_name": None}) == before
    assert stack.call("GET", "/api/v1/audit", params={"action": "settings:update"})["items"][0]["after"] == before


def test_statistics_count_what_is_there(stack, fleet):
    seen = stack.call("GET", "/api/v1/statistics")
    assert seen["devices"] == stack.value("select count(*) from device")
    assert seen["products"] == stack.value("select count(*) from product")
    assert seen["online"] == stack.value("select count(*) from device_state where online")
    assert set(seen["commands"]) == {"queued", "sent"}


def test_statistics_of_a_role_for_one_product_are_of_that_product(stack, fleet):
    product, _, _ = fleet
    token = stack.call("POST", "/api/v1/tokens", {"name": "s", "role": "viewer", "products": [product]}, 201)["token"]
    with httpx.Client(base_url=stack.stack.http, headers={"authorization": f"Bearer {token}"}, trust_env=False) as one:
        seen = one.get("/api/v1/statistics").json()
        assert (seen["products"], seen["devices"]) == (1, 10)
        assert one.get("/api/v1/statistics/series").status_code == 403


def test_a_caller_that_asks_too_much_is_held_up_and_others_are_not(stack, wait_until):
    token = stack.call("POST", "/api/v1/tokens", {"name": "fast", "role": "viewer"}, 201)["token"]
    stack.call("PATCH", "/api/v1/settings", {"rate_per_minute": 60})
    try:
        with httpx.Client(base_url=stack.stack.http, headers={"authorization": f"Bearer {token}"}, trust_env=False) as one:
            def held():
                answers = [one.get("/api/v1/session") for _ in range(12)]
                assert {answer.status_code for answer in answers} <= {200, 429}
                return [answer for answer in answers if answer.status_code == 429]

            wait_until(held, message="the new limit")
            refused = held()[-1]
            assert refused.json()["code"] == "rate_limited" and int(refused.headers["retry-after"]) >= 1
            assert refused.headers["ratelimit-limit"] == "10" and refused.headers["ratelimit-remaining"] == "0"
        good = stack.api.get("/api/v1/session")
        assert good.status_code == 200 and int(good.headers["ratelimit-remaining"]) >= 0
    finally:
        stack.db.execute("update setting set value = '{}', rev = rev + 1")
        wait_until(lambda: int(stack.api.get("/api/v1/session").headers["ratelimit-limit"]) > 10, message="the old limit")


def test_wrong_tokens_are_held_up_by_address(stack, wait_until):
    stack.call("PATCH", "/api/v1/settings", {"rate_open_per_minute": 60})
    try:
        def held():
            return any(stack.door.get(stack.stack.http + "/api/v1/products").status_code == 429 for _ in range(12))

        wait_until(held, message="the new limit")
        assert stack.api.get("/api/v1/products").status_code == 200
    finally:
        stack.call("PATCH", "/api/v1/settings", {"rate_open_per_minute": None})
        # A new connection each time, so that every worker is asked.
        wait_until(lambda: all(httpx.get(stack.stack.http + "/time", trust_env=False).headers["ratelimit-limit"] == "200"
                               for _ in range(8)), message="the old limit")
