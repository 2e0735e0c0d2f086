# SPDX-License-Identifier: Apache-2.0
"""Who may do what: tokens, roles, products."""

import secrets

import httpx
import pytest
from harness.wait import PATIENCE


@pytest.fixture
def client(stack):
    """client(role, products) -> an API client with a token of its own."""
    made = []

    def make(role="viewer", products=None, **members):
        token = stack.call("POST", "/api/v1/tokens", {"name": secrets.token_hex(4), "role": role, "products": products,
                                                      **members}, 201)
        made.append(httpx.Client(base_url=stack.stack.http, headers={"authorization": "Bearer " + token["token"]},
                                 timeout=PATIENCE, trust_env=False))
        made[-1].token_id = token["id"]
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize("headers", [
    {}, {"authorization": "Bearer"}, {"authorization": "Bearer thg_" + "x" * 43}, {"authorization": "Basic YTpi"},
    {"authorization": "Bearer a b"}, {"authorization": "thg_" + "x" * 43}, {"cookie": "__Host-thingd=abc"},
])
def test_without_a_valid_token_nothing_is_answered(stack, headers):
    for path in ("/api/v1/products", "/api/v1/devices", "/api/v1/tokens", "/api/v1/audit", "/api/v1/dead-letters"):
        answer = stack.door.get(stack.stack.http + path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_revoked_or_expired_token_is_refused(stack, client, wait_until):
    one = client("admin")
    assert one.get("/api/v1/products").status_code == 200
    stack.call("DELETE", f"/api/v1/tokens/{one.token_id}", expect=204)
    assert one.get("/api/v1/products").status_code == 401
    late = client("admin", expires_at="2020-01-01T00:00:00Z")
    assert late.get("/api/v1/products").status_code == 401


def test_a_token_is_stored_as_its_hash(stack):
    made = stack.call("POST", "/api/v1/tokens", {"name": "hash", "role": "viewer"}, 201)
    assert made["token"] not in str(stack.rows("select * from api_token"))
    assert made["token"] not in str(stack.call("GET", "/api/v1/tokens"))
    assert made["token"] not in str(stack.call("GET", "/api/v1/audit", params={"limit": 50}))


def test_roles_may_do_what_their_level_says(stack, client, make_device):
    device = make_device()
    product = f"/api/v1/products/{device.product}"
    tries = [
        # method, path, body, least role
        ("GET", "/api/v1/products", None, "viewer"), ("GET", device.path, None, "viewer"),
        ("GET", device.path + "/history", None, "viewer"), ("GET", device.path + "/shadow", None, "viewer"),
        ("PATCH", device.path, {"name": "x"}, "operator"),
        ("PATCH", device.path + "/shadow", {"desired": {"a": 1}}, "operator"),
        ("POST", device.path + "/commands", {"params": {}}, "operator"),
        ("GET", "/api/v1/dead-letters", None, "operator"),
        ("PATCH", product, {"name": "x"}, "integrator"), ("GET", device.path + "/keys", None, "integrator"),
        ("POST", product + "/devices", {"key": ""}, "integrator"), ("POST", "/api/v1/products", {"key": ""}, "integrator"),
        ("GET", "/api/v1/tokens", None, "admin"), ("GET", "/api/v1/audit", None, "admin"),
        ("POST", "/api/v1/tokens", {}, "admin"),
    ]
    order = ["viewer", "operator", "integrator", "admin"]
    for role in order:
        one = client(role)
        for method, path, body, least in tries:
            answer = one.request(method, path, json=body)
            refused = answer.status_code == 403
            assert refused == (order.index(role) < order.index(least)), (role, method, path, answer.status_code)


def test_a_token_for_some_products_sees_nothing_of_others(stack, client, make_device):
    mine, other = make_device(), make_device()
    one = client("admin", [mine.product])
    assert one.get(mine.path).status_code == 200
    for path in ("", "/latest", "/history", "/events", "/shadow", "/presence", "/commands", "/keys"):
        unknown = one.get(f"/api/v1/products/{other.product}-none/devices/{other.key}{path}")
        hidden = one.get(other.path + path)
        assert hidden.status_code == unknown.status_code == 404
        for answer in (hidden, unknown):
            assert {k: v for k, v in answer.json().items() if k != "request_id"} == {
                "code": "not_found", "status": 404, "title": "Not found", "type": "/errors/not_found"}
    assert {item["key"] for item in one.get("/api/v1/products?limit=1000").json()["items"]} == {mine.product}
    assert {item["product"] for item in one.get("/api/v1/devices?limit=1000").json()["items"]} == {mine.product}
    assert one.get("/api/v1/devices", params={"product": other.product}).json()["items"] == []
    for entry in one.get("/api/v1/audit?limit=1000").json()["items"]:
        assert entry["product"] == mine.product
    assert one.get(f"/api/v1/products/{mine.product}/devices/{other.key}").status_code == 404
    assert one.patch(other.path, json={"name": "x"}).status_code == 404
    assert one.delete(other.path).status_code == 404


def test_a_token_for_some_products_may_not_do_what_concerns_all(client, make_product):
    one = client("admin", [make_product()])
    assert one.post("/api/v1/products", json={"key": "not-this-one"}).status_code == 403
    assert one.get("/api/v1/tokens").status_code == 403
    assert one.post("/api/v1/tokens", json={"name": "more", "role": "viewer"}).status_code == 403


def test_a_token_whose_products_are_gone_works_for_none(stack, client, make_product):
    product = make_product()
    one = client("viewer", [product])
    stack.call("DELETE", f"/api/v1/products/{product}")
    assert one.get("/api/v1/devices?limit=1000").json()["items"] == []


def test_a_token_for_a_product_that_is_not_there_is_refused(api):
    for members in ({"role": "king"}, {"role": "viewer", "products": ["no-such-product"]}):
        answer = api.post("/api/v1/tokens", json={"name": "x", **members})
        assert (answer.status_code, answer.json()["code"]) == (409, "unknown_reference")


def test_dead_letters_of_other_products_stay_hidden(stack, client, make_device):
    from harness import hooks
    mine, other = make_device(), make_device()
    for device in (mine, other):
        stack.accept(hooks.publish(device, "thing/event/property/post", b"no json"))
    one = client("operator", [mine.product])
    letters = one.get("/api/v1/dead-letters?limit=1000").json()["items"]
    assert {letter["product"] for letter in letters} == {mine.product}
    [foreign] = stack.call("GET", "/api/v1/dead-letters", params={"device": other.key})["items"]
    assert one.get(f"/api/v1/dead-letters/{foreign['id']}").status_code == 404
    assert one.get(f"/api/v1/dead-letters/{letters[0]['id']}").json()["body"].startswith("{")


def test_open_paths_are_open_and_local_ones_local(stack):
    base = stack.stack.http
    assert stack.door.get(base + "/healthz").text == "ok\n"
    assert stack.door.get(base + "/time").json() > 1600000000000
    for path in ("/readyz", "/metrics", "/api/openapi.json"):
        assert stack.door.get(base + path).status_code == 200, path
        for header in ("x-forwarded-for", "forwarded", "via", "x-real-ip"):
            assert stack.door.get(base + path, headers={header: "for=10.0.0.1"}).status_code == 401, (path, header)


def test_the_audit_log_cannot_be_changed(stack):
    import psycopg
    for sql in ("update audit set actor = 'x'", "delete from audit", "truncate audit"):
        with pytest.raises(psycopg.Error):
            stack.db.execute(sql)


def test_the_servers_role_may_only_add_to_the_audit_log(db):
    row = db.execute("select has_table_privilege('audit', 'insert') i, has_table_privilege('audit', 'select') s,"
                     " has_table_privilege('audit', 'update') u, has_table_privilege('audit', 'delete') d,"
                     " has_table_privilege('audit', 'truncate') t").fetchone()
    assert row == {"i": True, "s": True, "u": False, "d": False, "t": False}


def test_pages_for_people_are_served_without_scripts(stack):
    base = stack.stack.http
    for path, word in (("/errors", "version_conflict"), ("/errors/not_found", "not_found"), ("/api/docs", "/api/v1/products")):
        answer = stack.door.get(base + path)
        assert answer.status_code == 200 and answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "script" not in answer.headers["content-security-policy"] and "<script" not in answer.text
        assert word in answer.text
    assert stack.door.get(base + "/errors/nonsense").status_code == 404
    codes = set(stack.api.get("/api/openapi.json").json()["components"]["schemas"]["Problem"]["properties"]["code"]["enum"])
    page = stack.door.get(base + "/errors").text
    assert all(f'id="{code}"' in page for code in codes)
