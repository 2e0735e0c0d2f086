# SPDX-License-Identifier: Apache-2.0
"""Signing in with a real OpenID provider, and what attackers try with it."""

import secrets
import subprocess
import urllib.parse

import pytest
from harness.provider import CALLBACK, Browser, Provider
from parts import thingd

ROLES = "staff=viewer; admins = admin;cn=ops,dc=example=operator@greenhouse; both=no-such-role"


@pytest.fixture(scope="module")
def provider():
    one = Provider(ROLES)
    yield one
    one.close()


@pytest.fixture(scope="module")
def house(module_stack, provider):
    """A platform without a broker whose people sign in at the provider."""
    one = module_stack(nodes=0, settings=provider.settings)
    one.call("POST", "/api/v1/products", {"key": "greenhouse"}, 201)
    one.call("PATCH", "/api/v1/settings", {"rate_open_per_minute": 100000})  # all come from one address
    return one


@pytest.fixture
def browser(house):
    made = []

    def make():
        made.append(Browser(house.stack.http))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def person(provider):
    """person(groups) -> name of somebody the provider knows."""
    return lambda *groups, **members: provider.person("p" + secrets.token_hex(4), *groups, **members)


def parts(address):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))


def changed(address, **members):
    """The address with other parameters; None takes one away."""
    query = {**parts(address), **members}
    return address.split("?")[0] + "?" + urllib.parse.urlencode({k: v for k, v in query.items() if v is not None})


def test_someone_signs_in_works_and_signs_out(house, browser, person):
    who, one = person("staff", "unmapped", name="Ann Ämter", email="ann@example.com"), browser()
    before = house.counter("sign_ins")
    assert one.sign_in(who, "/devices?tag=a%20b#x") == "/devices?tag=a%20b#x"
    assert house.counter("sign_ins") == before + 1
    session = one.session()
    assert session["name"] == who and session["kind"] == "account" and "products:read" in session["permissions"]
    assert "products:create" not in session["permissions"] and session["must_change_password"] is False
    account = house.call("GET", f"/api/v1/accounts/{who}")
    assert account["source"] == "oidc" and account["has_password"] is False
    assert (account["name"], account["email"]) == ("Ann Ämter", "ann@example.com")
    assert account["roles"] == [{"role": "viewer", "product": None}] and account["signed_in_at"]
    done = one.get("/api/v1/session", "DELETE", **{"x-csrf-token": session["csrf_token"]})
    assert done.status_code == 204 and one.session() is None
    actions = [entry["action"] for entry in house.call("GET", "/api/v1/audit", params={"target": who})["items"]]
    assert actions == ["session:delete", "session:create", "accounts:update", "accounts:create"]


def test_the_same_person_has_one_account_whatever_they_are_called(house, provider, browser, person):
    who = person("staff")
    browser().sign_in(who)
    provider.person(who, "staff", preferred_username="renamed", email="other@example.com")
    one = browser()
    one.sign_in(who)
    assert one.session()["name"] == who
    assert house.call("GET", f"/api/v1/accounts/{who}")["email"] == "other@example.com"


def test_a_name_or_mail_address_takes_over_nobodys_account(house, browser, person):
    key = "u-" + secrets.token_hex(4)
    house.call("POST", "/api/v1/accounts", {"key": key, "email": key + "@example.com", "roles": [{"role": "admin"}]}, 201)
    one = browser()
    one.sign_in(person("staff", preferred_username=key, email=key + "@example.com", email_verified=True))
    session = one.session()
    assert session["name"].startswith(key + "-") and "accounts:read" not in session["permissions"]
    two = browser()
    two.sign_in(person("staff", preferred_username=key))
    assert two.session()["name"] not in (key, session["name"])


def test_names_that_are_no_keys_become_some(house, browser, person):
    for name in ("Änne Müller", "../../etc/passwd", "  ", "x" * 400, "-_-", "A.B@C"):
        one = browser()
        assert one.sign_in(person("staff", preferred_username=name)) == "/"
        assert house.value("select count(*) from account where key = %s", one.session()["name"]) == 1


@pytest.mark.parametrize("groups", [[], ["unmapped"], ["Staff"], ["both"], ["staff=viewer"]])
def test_nobody_without_a_mapped_group_gets_in_or_an_account(house, browser, person, groups):
    who, one, refused = person(*groups), browser(), house.counter("sign_ins_refused")
    assert one.sign_in(who) == "/sign-in?failed=no_role"
    assert house.counter("sign_ins_refused") == refused + 1
    assert one.session() is None and house.value("select count(*) from account where key = %s", who) == 0


def test_groups_are_looked_at_anew_at_every_sign_in(house, provider, browser, person):
    who, one, two = person("staff", "admins"), browser(), browser()
    one.sign_in(who)
    assert "accounts:create" in one.session()["permissions"]
    provider.person(who, "staff")
    two.sign_in(who)
    for browser_ in (one, two):  # the roles are the account's, so older sessions lose them too
        assert "accounts:create" not in browser_.session()["permissions"]
    provider.person(who)
    assert browser().sign_in(who) == "/sign-in?failed=no_role"
    assert one.session() is None and two.session() is None
    assert house.call("GET", f"/api/v1/accounts/{who}")["roles"] == []
    provider.person(who, "staff")
    assert two.sign_in(who) == "/" and two.session()["name"] == who


def test_a_role_for_one_product(browser, person):
    one = browser()
    one.sign_in(person("cn=ops,dc=example"))
    assert one.session()["scoped"] is True
    assert one.get("/api/v1/products/greenhouse").status_code == 200
    assert [item["key"] for item in one.get("/api/v1/products").json()["items"]] == ["greenhouse"]


def test_groups_that_only_the_userinfo_says(provider, browser, person):
    provider.order(conform=True)
    try:
        one = browser()
        assert one.sign_in(person("staff")) == "/" and one.session()
        assert browser().sign_in(person("unmapped")) == "/sign-in?failed=no_role"
    finally:
        provider.order(conform=False)


def test_roles_are_the_providers_to_give(house, browser, person):
    who = person("staff")
    browser().sign_in(who)
    for method, path, body in (("PATCH", "", {"roles": [{"role": "admin"}]}), ("POST", "/reset", None)):
        answer = house.api.request(method, f"/api/v1/accounts/{who}{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    house.call("PATCH", f"/api/v1/accounts/{who}", {"enabled": False, "name": "x"})


def test_a_disabled_account_stays_out(house, browser, person):
    who, one = person("staff"), browser()
    one.sign_in(who)
    house.call("PATCH", f"/api/v1/accounts/{who}", {"enabled": False})
    assert one.session() is None
    assert one.sign_in(who) == "/sign-in?failed=disabled" and one.session() is None
    house.call("PATCH", f"/api/v1/accounts/{who}", {"enabled": True})
    assert one.sign_in(who) == "/" and one.session()


def test_one_of_these_is_not_the_local_administrator_that_remains(house, browser, person):
    house.db.execute("delete from account where password is not null")
    browser().sign_in(person("admins"))
    first = "u-" + secrets.token_hex(4)
    house.call("POST", "/api/v1/accounts", {"key": first, "roles": [{"role": "admin"}]}, 201)
    for change in ({"enabled": False}, {"roles": []}):
        assert house.api.patch(f"/api/v1/accounts/{first}", json=change).json()["code"] == "in_use"
    assert house.api.delete(f"/api/v1/accounts/{first}").json()["code"] == "in_use"


def test_a_code_is_good_once(browser, person):
    one = browser()
    address = one.at_provider(one.begin(), person("staff"))
    kept = dict(one.cookies)
    assert one.back(address) == "/"
    again = browser()
    again.cookies = kept
    assert again.back(address) == "/sign-in?failed=refused" and again.session() is None
    assert one.back(address) == "/sign-in?failed=expired"  # the browser has given up what it kept
    assert one.session() is not None


def test_an_answer_for_another_browser_is_refused(browser, person):
    one, two, three = browser(), browser(), browser()
    address = one.at_provider(one.begin(), person("staff"))
    assert two.back(address) == "/sign-in?failed=expired"
    three.begin()
    assert three.back(address) == "/sign-in?failed=expired"
    assert two.session() is None and three.session() is None
    assert one.back(address) == "/"  # and does not spoil the right one


def test_the_code_of_one_sign_in_does_not_fit_another(browser, person):
    """An attacker's code in a victim's browser, whose own state it carries: PKCE binds the code to its verifier."""
    attacker, victim = browser(), browser()
    stolen = attacker.at_provider(attacker.begin(), person("admins"))
    own = parts(victim.begin())
    assert victim.back(changed(stolen, state=own["state"])) == "/sign-in?failed=refused"
    assert victim.session() is None


def test_a_token_for_another_nonce_is_refused(browser, person):
    one = browser()
    address = one.at_provider(changed(one.begin(), nonce="another"), person("staff"))
    assert one.back(address) == "/sign-in?failed=refused" and one.session() is None


@pytest.mark.parametrize(("change", "failed"), [
    ({"state": "x"}, "expired"), ({"state": None}, "expired"), ({"state": ""}, "expired"),
    ({"code": None}, "refused"), ({"code": ""}, "refused"), ({"code": "no such code"}, "refused"),
    ({"code": "x" * 5000}, "refused"), ({"code": "a\r\nb"}, "refused"), ({"iss": "https://evil.example"}, "refused"),
    ({"iss": None}, "refused"), ({"error": "access_denied", "code": None}, "refused"),
    ({"error": "<script>alert(1)</script>"}, "refused"),
])
def test_answers_that_are_not_right(browser, person, change, failed):
    one = browser()
    address = one.at_provider(one.begin(), person("staff"))
    assert one.back(changed(address, **change)) == "/sign-in?failed=" + failed
    assert one.session() is None


def test_a_parameter_that_comes_twice_counts_for_nothing(browser, person):
    one = browser()
    address = one.at_provider(one.begin(), person("staff"))
    assert one.back(address + "&state=" + parts(address)["state"]) == "/sign-in?failed=expired"


def test_others_may_add_parameters_of_their_own(browser, person):
    one = browser()
    assert one.back(one.at_provider(one.begin(), person("staff")) + "&session_state=x.y&hd=&prompt=none") == "/"


@pytest.mark.parametrize("to", [
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "evil.example",
    "javascript:alert(1)", "/\t/evil.example", "/\r\nset-cookie: a=b", "/x y", "", "/api/v1/session/oidc", "/api",
    "/api?x", "/é", "/" + "a" * 400 + "\\",
])
def test_one_ends_on_a_page_of_ours_and_nowhere_else(browser, person, to):
    assert browser().sign_in(person("staff"), to) == "/"


@pytest.mark.parametrize("to", ["/", "/devices", "/products/a/devices/b?tab=x&y=%2F#z", "/apis", "/a//b"])
def test_pages_of_ours_are_kept(browser, person, to):
    assert browser().sign_in(person("staff"), to) == to


def test_what_the_browser_keeps_is_sealed_and_its_own(browser, house):
    one = browser()
    first, second = parts(one.begin()), parts(one.begin())
    assert first["redirect_uri"] == CALLBACK and first["code_challenge_method"] == "S256"
    assert {"openid", "profile"} <= set(first["scope"].split())
    assert all(first[name] != second[name] and len(first[name]) == 43 for name in ("state", "nonce", "code_challenge"))
    kept = one.cookies["__Host-thingd-away"]
    assert second["state"] not in kept and len(kept) < 2000
    one.cookies["__Host-thingd-away"] = kept[:-2] + ("AA" if kept[-2:] != "AA" else "BB")
    assert one.back(CALLBACK + "?code=x&state=" + second["state"]) == "/sign-in?failed=expired"
    answer = one.get("/api/v1/session/oidc")
    assert "SameSite=Lax" in answer.headers["set-cookie"] and "Max-Age=600" in answer.headers["set-cookie"]


def test_a_session_of_before_ends_when_another_begins(browser, person):
    one = browser()
    one.sign_in(person("staff"))
    old = dict(one.cookies)
    one.sign_in(person("staff"))
    assert one.cookies["__Host-thingd"] != old["__Host-thingd"]
    two = browser()
    two.cookies = old
    assert two.session() is None and one.session()


@pytest.mark.parametrize("algorithm", ["ES256", "PS256", "RS256"])
def test_the_provider_changes_its_keys(provider, browser, person, algorithm):
    assert browser().sign_in(person("staff")) == "/"
    provider.order(rotate=algorithm)
    assert browser().sign_in(person("staff")) == "/"


def doctor(house):
    return subprocess.run([thingd.program(), "doctor", "--config", house.stack.instances[0]["config"]], text=True,
                          capture_output=True, check=False).stdout


def test_doctor_looks_at_the_provider(house, provider):
    assert f"ok    oidc.issuer            {provider.issuer}\n" in doctor(house) and "ok    oidc keys" in doctor(house)
    provider.stop()
    assert "FAIL  oidc.issuer" in doctor(house)
    provider.start()


def test_the_provider_is_down(provider, browser, person, house):
    one, who = browser(), person("staff")
    address = one.at_provider(one.begin(), who)
    provider.stop()
    assert one.back(address) == "/sign-in?failed=unavailable" and one.session() is None
    house.call("GET", "/api/v1/products")  # nobody else minds
    provider.start()
    provider.person(who, "staff")
    assert one.sign_in(who) == "/"


def test_the_provider_hangs(provider, browser, person, house):
    one, who = browser(), person("staff")
    address = one.at_provider(one.begin(), who)
    provider.hang()
    try:
        assert one.back(address) == "/sign-in?failed=unavailable"
        house.call("GET", "/api/v1/products")
    finally:
        provider.hang(False)
    assert one.sign_in(who) == "/"


def test_a_provider_that_was_never_there(fresh_stack, provider):
    away = fresh_stack(nodes=0, settings={**provider.settings, "oidc.issuer": "http://127.0.0.1:1"})
    one = Browser(away.stack.http)
    assert one.get("/api/v1/session/oidc").headers["location"] == "/sign-in?failed=unavailable"
    one.close()


def test_one_address_makes_us_ask_the_provider_so_often_and_no_more(fresh_stack, provider):
    slow = fresh_stack(nodes=0, workers=1, settings=provider.settings)
    slow.call("PATCH", "/api/v1/settings", {"rate_open_per_minute": 60})
    one = Browser(slow.stack.http)
    codes = [one.get("/api/v1/session/oidc").status_code for _ in range(60)]
    one.close()
    assert codes[0] == 303 and codes[-1] == 429 and codes.count(303) < 50


def test_none_is_configured(fresh_stack):
    plain = fresh_stack(nodes=0)
    for path in ("/session/oidc", "/session/oidc/callback?code=x&state=y"):
        assert plain.api.get("/api/v1" + path).status_code == 404
