# SPDX-License-Identifier: Apache-2.0
"""Accounts, signing in, sessions, second factors, and what slows guessing down."""

import base64
import hashlib
import hmac
import secrets
import struct
import time

import httpx
import pytest
from harness.wait import PATIENCE

COOKIE = "__Host-thingd"
DEVICE = "__Host-thingd-device"


class Person:
    """A browser: cookies that a plain client would not send over http, and the CSRF token."""

    def __init__(self, base, address=None):
        self.client = httpx.Client(base_url=base, timeout=PATIENCE, trust_env=False)
        self.cookies = {}
        self.csrf = None

    def send(self, method, path, body=None, csrf=True, **headers):
        if self.cookies:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if csrf and self.csrf:
            headers["x-csrf-token"] = self.csrf
        answer = self.client.request(method, "/api/v1" + path, json=body, headers=headers)
        for line in answer.headers.get_list("set-cookie"):
            name, value = line.split(";")[0].split("=", 1)
            assert "Secure" in line and "HttpOnly" in line and "SameSite=Strict" in line and "Path=/" in line
            self.cookies[name] = value
            if not value:
                del self.cookies[name]
        if answer.is_success and "csrf_token" in answer.text:
            self.csrf = answer.json()["csrf_token"]
        return answer

    def sign_in(self, account, password, **members):
        return self.send("POST", "/session", {"account": account, "password": password, **members})


@pytest.fixture
def person(stack):
    made = []

    def make():
        made.append(Person(stack.stack.http))
        return made[-1]

    yield make
    for one in made:
        one.client.close()


@pytest.fixture(autouse=True)
def forgiven(stack):
    """Every test begins without failures on the record: all come from one address."""
    stack.db.execute("delete from sign_in_failure")


@pytest.fixture
def account(stack):
    """account(roles) -> (key, password) of an account whose password is its own."""

    def make(*roles, change=True, **members):
        key, first = "u-" + secrets.token_hex(4), secrets.token_hex(8)
        stack.call("POST", "/api/v1/accounts", {
            "key": key, "password": first, "roles": [r if isinstance(r, dict) else {"role": r} for r in roles or ["viewer"]],
            **members}, 201)
        if not change:
            return key, first
        one, own = Person(stack.stack.http), secrets.token_hex(8)
        assert one.sign_in(key, first).status_code == 201
        answer = one.send("POST", "/session/password", {"current": first, "password": own})
        assert answer.status_code == 200, answer.text
        one.client.close()
        return key, own

    return make


def totp(secret, step):
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[19] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000:06}"


def step_now():
    return int(time.time()) // 30


def test_an_account_signs_in_works_and_signs_out(stack, account, person):
    key, password = account("integrator")
    one = person()
    answer = one.sign_in(key.upper(), password)
    assert answer.status_code == 201 and answer.json()["name"] == key
    assert "products:create" in answer.json()["permissions"] and "accounts:read" not in answer.json()["permissions"]
    assert one.send("GET", "/session").json()["kind"] == "account"
    product = "p-" + secrets.token_hex(4)
    assert one.send("POST", "/products", {"key": product}).status_code == 201
    [entry] = stack.call("GET", "/api/v1/audit", params={"target": product})["items"]
    assert entry["actor"]["kind"] == "account" and entry["actor"]["name"] == key
    kept = dict(one.cookies)
    assert one.send("DELETE", "/session").status_code == 204
    assert COOKIE not in one.cookies
    one.cookies = kept
    assert one.send("GET", "/session").status_code == 401


def test_a_password_that_was_given_has_to_be_changed_first(account, person):
    key, password = account("admin", change=False)
    one = person()
    assert one.sign_in(key, password).json()["must_change_password"] is True
    assert one.send("GET", "/products").json()["code"] == "password_change_required"
    assert one.send("GET", "/session").status_code == 200
    assert one.send("POST", "/session/password", {"current": password, "password": "quite another one"}).status_code == 200
    assert one.send("GET", "/products").status_code == 200


def test_a_password_is_made_when_none_is_given(stack, person):
    key = "u-" + secrets.token_hex(4)
    made = stack.call("POST", "/api/v1/accounts", {"key": key, "roles": [{"role": "viewer"}]}, 201)
    assert len(made["password"]) >= 16 and "password" not in stack.call("GET", f"/api/v1/accounts/{key}")
    assert made["password"] not in stack.api.get("/api/v1/audit?limit=50").text
    assert made["password"] not in str(stack.rows("select * from account"))
    assert stack.value("select password from account where key = %s", key).startswith("$argon2id$")
    assert person().sign_in(key, made["password"]).status_code == 201


@pytest.mark.parametrize("password", ["short", "password123", "aaaaaaaaaaaa"])
def test_a_poor_password_is_refused(stack, account, person, password):
    key, own = account()
    assert stack.api.post("/api/v1/accounts", json={"key": "u-" + secrets.token_hex(4), "password": password}).status_code == 422
    one = person()
    one.sign_in(key, own)
    assert one.send("POST", "/session/password", {"current": own, "password": password}).status_code == 422


def test_what_is_wrong_at_sign_in_is_not_said(stack, account, person):
    key, password = account()
    refused = stack.counter("sign_ins_refused")
    answers = [person().sign_in(key, "wrong password"), person().sign_in("u-nobody-" + key, password)]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert stack.counter("sign_ins_refused") == refused + 2
    bodies = [{k: v for k, v in answer.json().items() if k != "request_id"} for answer in answers]
    assert bodies[0] == bodies[1] and bodies[0]["code"] == "wrong_credentials"


def test_an_unknown_account_takes_as_long_as_a_known_one(stack, account, person):
    key, _ = account()
    for who in (key, "nobody-" + key):
        hashed = stack.counter("password_hashes")
        person().sign_in(who, "wrong password")
        assert stack.counter("password_hashes") == hashed + 1  # nearly all the time that the answer takes


def test_a_session_needs_its_csrf_token_to_change_things(account, person):
    key, password = account("admin")
    one = person()
    one.sign_in(key, password)
    body = {"key": "p-" + secrets.token_hex(4)}
    assert one.send("POST", "/products", body, csrf=False).json()["code"] == "csrf"
    assert one.send("POST", "/products", body, csrf=False, **{"x-csrf-token": "x" * 43}).json()["code"] == "csrf"
    assert one.send("POST", "/products", body, **{"sec-fetch-site": "cross-site"}).json()["code"] == "csrf"
    assert one.send("GET", "/products", csrf=False).status_code == 200
    assert one.send("POST", "/products", body).status_code == 201


def test_sign_in_from_another_site_is_refused(account, person):
    key, password = account()
    assert person().send("POST", "/session", {"account": key, "password": password},
                         **{"sec-fetch-site": "cross-site"}).json()["code"] == "csrf"


def test_a_session_ends_when_it_is_idle_or_old(stack, account, person):
    key, password = account()
    for change in ("seen_at = now() - interval '13 hours'", "expires_at = now() - interval '1 second'"):
        one = person()
        one.sign_in(key, password)
        assert one.send("GET", "/session").status_code == 200
        stack.db.execute(f"update session set {change} where account_id = (select id from account where key = %s)", [key])
        assert one.send("GET", "/session").status_code == 401


def test_own_sessions_are_listed_and_ended(account, person):
    key, password = account()
    one, two = person(), person()
    one.sign_in(key, password)
    two.sign_in(key, password)
    items = one.send("GET", "/sessions").json()["items"]
    assert len(items) == 3 and sum(item["current"] for item in items) == 1  # the third changed the password
    other = two.send("GET", "/sessions").json()["items"]
    [number] = [item["id"] for item in other if item["current"]]
    assert one.send("DELETE", f"/sessions/{number}").status_code == 204
    assert two.send("GET", "/session").status_code == 401
    assert one.send("DELETE", f"/sessions/{number}").status_code == 404


def test_nobody_ends_anothers_session(account, person):
    (key, password), (other, word) = account(), account()
    one, two = person(), person()
    one.sign_in(key, password)
    two.sign_in(other, word)
    [number] = [item["id"] for item in two.send("GET", "/sessions").json()["items"] if item["current"]]
    assert one.send("DELETE", f"/sessions/{number}").status_code == 404
    assert two.send("GET", "/session").status_code == 200


def test_a_changed_password_ends_other_sessions(account, person):
    key, password = account()
    one, two = person(), person()
    one.sign_in(key, password)
    two.sign_in(key, password)
    assert one.send("POST", "/session/password", {"current": "not this one", "password": "a new long word"}).status_code == 401
    assert one.send("POST", "/session/password", {"current": password, "password": "a new long word"}).status_code == 200
    assert one.send("GET", "/session").status_code == 200
    assert two.send("GET", "/session").status_code == 401
    assert two.sign_in(key, password).status_code == 401
    assert two.sign_in(key, "a new long word").status_code == 201


def test_disabling_or_deleting_an_account_ends_its_sessions(stack, account, person):
    for end in (lambda k: stack.call("PATCH", f"/api/v1/accounts/{k}", {"enabled": False}),
                lambda k: stack.call("DELETE", f"/api/v1/accounts/{k}", expect=204)):
        key, password = account()
        one = person()
        one.sign_in(key, password)
        end(key)
        assert one.send("GET", "/session").status_code == 401
        assert one.sign_in(key, password).status_code == 401


def test_a_lost_password_is_set_anew_with_a_token_once(stack, account, person):
    key, password = account()
    old = person()
    old.sign_in(key, password)
    token = stack.call("POST", f"/api/v1/accounts/{key}/reset", expect=201)["token"]
    assert token not in str(stack.rows("select * from account_reset"))
    one = person()
    assert one.send("POST", "/session/reset", {"token": token, "password": "password123"}).status_code == 422
    assert one.send("POST", "/session/reset", {"token": token, "password": "brand new words"}).status_code == 204
    assert one.send("POST", "/session/reset", {"token": token, "password": "brand new words"}).status_code == 401
    assert old.send("GET", "/session").status_code == 401
    assert one.sign_in(key, "brand new words").json()["must_change_password"] is False


def test_a_second_factor_is_asked_for_and_each_code_is_good_once(stack, account, person):
    key, password = account()
    one = person()
    one.sign_in(key, password)
    assert one.send("POST", "/session/totp", {"password": "wrong"}).status_code == 401
    begun = one.send("POST", "/session/totp", {"password": password}).json()
    assert begun["uri"].startswith("otpauth://totp/thingd:" + key)
    assert person().sign_in(key, password).status_code == 201  # not in force yet
    assert one.send("POST", "/session/totp/confirm", {"code": "000000"}).status_code == 401
    first = step_now() - 1
    codes = one.send("POST", "/session/totp/confirm", {"code": totp(begun["secret"], first)}).json()["recovery_codes"]
    assert stack.call("GET", f"/api/v1/accounts/{key}")["second_factor"] is True
    assert begun["secret"] not in str(stack.rows("select * from account"))

    assert person().sign_in(key, password).json()["code"] == "second_factor_required"
    assert person().sign_in(key, "wrong", code="123456").json()["code"] == "wrong_credentials"
    assert person().sign_in(key, password, code=totp(begun["secret"], first)).status_code == 401
    code = totp(begun["secret"], step_now())
    assert person().sign_in(key, password, code=code).status_code == 201
    assert person().sign_in(key, password, code=code).status_code == 401

    assert person().sign_in(key, password, code=codes[3].upper()).status_code == 201
    assert person().sign_in(key, password, code=codes[3]).status_code == 401
    assert one.send("POST", "/session/totp/remove", {"password": password}).status_code == 204
    assert person().sign_in(key, password).status_code == 201


def test_a_lost_second_factor_is_removed_by_an_administrator(stack, account, person):
    key, password = account()
    one = person()
    one.sign_in(key, password)
    secret = one.send("POST", "/session/totp", {"password": password}).json()["secret"]
    one.send("POST", "/session/totp/confirm", {"code": totp(secret, step_now())})
    assert person().sign_in(key, password).status_code == 401
    stack.call("DELETE", f"/api/v1/accounts/{key}/second-factor", expect=204)
    assert person().sign_in(key, password).status_code == 201


def test_guessing_is_slowed_down_and_the_owner_still_gets_in(stack, account, person):
    key, password = account()
    owner = person()
    owner.sign_in(key, password)
    stranger, blocked = person(), None
    for _ in range(8):
        answer = stranger.sign_in(key, "guess " + secrets.token_hex(4))
        if answer.status_code == 429:
            blocked = answer
            break
    assert blocked is not None and int(blocked.headers["retry-after"]) >= 1 and blocked.json()["code"] == "rate_limited"
    assert stranger.sign_in(key, password).status_code == 429  # the right one does not help a stranger now
    assert owner.sign_in(key, password).status_code == 201  # the browser that was here before is not held up
    assert person().sign_in(account()[0], "wrong password").status_code == 401  # nor is another account


def test_guesses_at_the_same_time_count(account, person):
    import concurrent.futures
    key, _ = account()
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda n: person().sign_in(key, f"guess number {n}").status_code, range(20)))
    assert answers.count(401) <= 8 and answers.count(429) >= 12


def test_the_last_administrator_remains(stack, account, person):
    stack.db.execute("delete from account")
    (one, _), (two, _) = account("admin"), account("admin")
    for change in ({"enabled": False}, {"roles": []}, {"roles": [{"role": "integrator"}]}):
        stack.call("PATCH", f"/api/v1/accounts/{one}", change)
        refused = stack.api.patch(f"/api/v1/accounts/{two}", json=change)
        assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
        stack.call("PATCH", f"/api/v1/accounts/{one}", {"enabled": True, "roles": [{"role": "admin"}]})
    stack.call("DELETE", f"/api/v1/accounts/{one}", expect=204)
    assert stack.api.delete(f"/api/v1/accounts/{two}").json()["code"] == "in_use"


def test_an_account_for_one_product_sees_only_that(stack, account, person, make_device):
    mine, other = make_device(), make_device()
    key, password = account({"role": "operator", "product": mine.product}, {"role": "viewer", "product": other.product})
    one = person()
    assert one.sign_in(key, password).json()["scoped"] is True
    path = "/products/{}/devices/{}"
    assert one.send("PATCH", path.format(mine.product, mine.key), {"name": "x"}).status_code == 200
    assert one.send("GET", path.format(other.product, other.key)).status_code == 200
    assert one.send("PATCH", path.format(other.product, other.key), {"name": "x"}).status_code == 404
    third = make_device()
    assert one.send("GET", path.format(third.product, third.key)).status_code == 404


def test_own_roles_hold_what_they_name(stack, account, person):
    role = "r-" + secrets.token_hex(4)
    stack.call("POST", "/api/v1/roles", {"key": role, "permissions": ["products:read", "audit:read"]}, 201)
    key, password = account(role)
    one = person()
    assert one.sign_in(key, password).json()["permissions"] == ["audit:read", "products:read"]
    assert one.send("GET", "/products").status_code == 200
    assert one.send("GET", "/devices").status_code == 403
    stack.call("PATCH", f"/api/v1/roles/{role}", {"permissions": ["devices:read"]})
    assert one.send("GET", "/products").status_code == 403
    assert one.send("GET", "/devices").status_code == 200
    assert stack.api.delete(f"/api/v1/roles/{role}").json()["code"] == "in_use"
    stack.call("DELETE", f"/api/v1/accounts/{key}", expect=204)
    stack.call("DELETE", f"/api/v1/roles/{role}", expect=204)


@pytest.mark.parametrize(("body", "status"), [
    ({"key": "admin", "permissions": []}, 409), ({"key": "r1", "permissions": ["no:such"]}, 409),
    ({"key": "r1", "permissions": ["nonsense"]}, 422), ({"key": "r1"}, 422),
])
def test_a_role_of_the_wrong_form_is_refused(api, body, status):
    assert api.post("/api/v1/roles", json=body).status_code == status


def test_nobody_hands_out_more_than_they_have(stack, account, person):
    role = "r-" + secrets.token_hex(4)
    stack.call("POST", "/api/v1/roles", {"key": role, "permissions": [
        "accounts:read", "accounts:create", "accounts:update", "accounts:delete", "roles:create", "roles:update",
        "tokens:create"]}, 201)
    key, password = account(role)
    boss, _ = account("admin")
    one = person()
    one.sign_in(key, password)
    new = "u-" + secrets.token_hex(4)
    assert one.send("POST", "/accounts", {"key": new, "roles": [{"role": "admin"}]}).status_code == 403
    assert one.send("POST", "/accounts", {"key": new, "roles": [{"role": "viewer"}]}).status_code == 403
    assert one.send("POST", "/tokens", {"name": "x", "role": "viewer"}).status_code == 403
    assert one.send("POST", "/roles", {"key": new, "permissions": ["devices:read"]}).status_code == 403
    assert one.send("PATCH", f"/roles/{role}", {"permissions": ["devices:read"]}).status_code == 403
    for method, path, body in (("POST", "/reset", None), ("DELETE", "/sessions", None), ("DELETE", "/second-factor", None),
                               ("PATCH", "", {"enabled": False}), ("DELETE", "", None)):
        answer = one.send(method, f"/accounts/{boss}{path}", body)
        assert answer.status_code == 403, (method, path, answer.text)
    assert one.send("POST", "/accounts", {"key": new, "roles": [{"role": role}]}).status_code == 201


@pytest.fixture
def helper(stack, account, person):
    """helper(permissions) -> somebody with a role of just these, signed in."""

    def make(*permissions):
        role = "r-" + secrets.token_hex(4)
        stack.call("POST", "/api/v1/roles", {"key": role, "permissions": permissions}, 201)
        key, password = account(role)
        one = person()
        assert one.sign_in(key, password).status_code == 201
        return one

    return make


def test_who_may_more_for_one_product_is_out_of_reach_as_well(stack, account, helper, make_product):
    """Else a password reset would lend out rights that its maker lacks."""
    product = make_product()
    boss, _ = account({"role": "operator", "product": product})
    equal, _ = account({"role": "viewer", "product": product}, change=False)
    one = helper("accounts:read", "accounts:create", "accounts:update", "accounts:delete")
    for method, path, body in (("POST", "/reset", None), ("DELETE", "/sessions", None), ("DELETE", "/second-factor", None),
                               ("PATCH", "", {"email": "mine@example.com"}), ("DELETE", "", None)):
        for key in (boss, equal):
            answer = one.send(method, f"/accounts/{key}{path}", body)
            assert answer.status_code == 403, (method, path, answer.text)
    for grant in ({"role": "viewer", "product": product}, {"role": "viewer"}):
        body = {"key": "u-" + secrets.token_hex(4), "roles": [grant]}
        assert one.send("POST", "/accounts", body).status_code == 403


def test_a_role_that_may_more_is_not_edited(stack, helper):
    mighty = "r-" + secrets.token_hex(4)
    stack.call("POST", "/api/v1/roles", {"key": mighty, "permissions": ["devices:read", "products:read"]}, 201)
    one = helper("roles:read", "roles:update", "roles:delete", "products:read")
    for method, body in (("PATCH", {"permissions": []}), ("PATCH", {"name": "x"}), ("DELETE", None)):
        assert one.send(method, f"/roles/{mighty}", body).status_code == 403
    stack.call("PATCH", f"/api/v1/roles/{mighty}", {"permissions": ["products:read"]})
    assert one.send("PATCH", f"/roles/{mighty}", {"name": "x"}).status_code == 200


def test_a_token_makes_none_that_outlives_it(stack):
    def make(client, **members):
        body = {"name": "x", "role": "admin", **members}
        return client.post("/api/v1/tokens", json=body)

    first = make(stack.api, expires_at="2999-01-01T00:00:00Z").json()["token"]
    with httpx.Client(base_url=stack.stack.http, headers={"authorization": "Bearer " + first}, trust_env=False) as one:
        assert make(one).status_code == 403 and make(one, expires_at=None).status_code == 403
        assert make(one, expires_at="2999-01-01T00:00:00.001Z").status_code == 403
        assert make(one, expires_at="2999-01-01T01:00:00+01:00").status_code == 201
        assert make(one, expires_at="2998-01-01T00:00:00Z").status_code == 201


def test_a_second_factor_is_not_replaced_while_it_is_in_force(stack, account, person):
    key, password = account()
    one = person()
    one.sign_in(key, password)
    secret = one.send("POST", "/session/totp", {"password": password}).json()["secret"]
    assert one.send("POST", "/session/totp/confirm", {"code": totp(secret, step_now())}).status_code == 200
    assert one.send("POST", "/session/totp", {"password": password}).json()["code"] == "conflict"
    assert stack.call("GET", f"/api/v1/accounts/{key}")["second_factor"] is True
    assert person().sign_in(key, password).json()["code"] == "second_factor_required"


def test_signing_in_again_ends_the_session_of_before(account, person):
    key, password = account()
    one, two = person(), person()
    one.sign_in(key, password)
    two.cookies = dict(one.cookies)
    one.sign_in(key, password)
    assert two.cookies[COOKIE] != one.cookies[COOKIE]
    assert two.send("GET", "/session").status_code == 401 and one.send("GET", "/session").status_code == 200


def test_asking_for_the_head_alone_needs_no_csrf_token(account, person):
    key, password = account()
    one = person()
    one.sign_in(key, password)
    assert one.send("HEAD", "/products", csrf=False).status_code == 200


def head_of_stream(one):
    cookie = "; ".join(f"{name}={value}" for name, value in one.cookies.items())
    with one.client.stream("GET", "/api/v1/events", headers={"cookie": cookie}) as answer:
        return answer.status_code


def test_an_open_page_alone_keeps_no_session_alive(stack, account, person):
    key, password = account()
    one = person()
    one.sign_in(key, password)
    seen = "select now() - seen_at < interval '1 minute' from session s join account a on a.id = s.account_id where a.key = %s"
    stack.db.execute("update session set seen_at = now() - interval '5 minutes'")
    assert head_of_stream(one) == 200
    assert stack.value(seen + " order by s.id desc", key) is False
    one.send("GET", "/products")
    assert stack.value(seen + " order by s.id desc", key) is True


def test_a_password_that_was_given_opens_no_stream(account, person):
    key, password = account("admin", change=False)
    one = person()
    one.sign_in(key, password)
    assert head_of_stream(one) == 403


def test_a_token_cannot_act_as_a_person(api):
    for method, path in (("POST", "/session/password"), ("POST", "/session/totp"), ("GET", "/sessions")):
        body = {"current": "x", "password": "long enough password"} if path.endswith("word") else {"password": "x"}
        assert api.request(method, "/api/v1" + path, json=body if method == "POST" else None).status_code == 403
    assert api.get("/api/v1/session").json()["kind"] == "token"
