# SPDX-License-Identifier: Apache-2.0
"""A lost password is set anew by mail, with a real mail server; and what strangers try with it."""

import re
import secrets
import subprocess

import httpx
import pytest
from harness.mailbox import Mailbox
from harness.wait import wait_until
from parts import thingd

PUBLIC = "https://things.test/"


@pytest.fixture(scope="module")
def mailbox():
    one = Mailbox()
    yield one
    one.close()


@pytest.fixture(scope="module")
def house(module_stack, mailbox):
    """A platform without a broker that sends mail."""
    return module_stack(nodes=0, settings={
        "http.public_url": PUBLIC, "mail.url": mailbox.url, "mail.tls": "off", "mail.from": "Things <things@example.com>"})


@pytest.fixture(autouse=True)
def forgiven(house):
    house.db.execute("delete from sign_in_failure")


@pytest.fixture
def account(house):
    """account() -> (key, address, password) of an account whose password is its own."""

    def make(**members):
        key = "u-" + secrets.token_hex(4)
        members = {"email": f"{key}@Example.com", "password": "the first of them", **members}
        house.call("POST", "/api/v1/accounts", {"key": key, "roles": [{"role": "viewer"}], **members}, 201)
        return key, members["email"], members["password"]

    return make


def post(house, path, **body):
    return httpx.post(house.stack.http + "/api/v1/session" + path, json=body, trust_env=False)


def ask(house, who, **more):
    answer = post(house, "/reset-request", account=who, **more)
    assert (answer.status_code, answer.content) == (204, b""), answer.text
    return answer


def token_of(message):
    text = message.get_body(("plain",)).get_content()
    [link] = re.findall(r"https?://\S+", text)
    assert link.startswith(PUBLIC + "reset#") and link in message.get_body(("html",)).get_content()
    return link.split("#")[1]


def sign_in(house, key, password):
    return post(house, "", account=key, password=password).status_code


def test_whoever_reads_the_letter_sets_a_new_password_once(house, account, mailbox):
    key, address, password = account()
    old, sent = post(house, "", account=key, password=password), house.counter("mail_sent")
    ask(house, key)
    [message] = mailbox.to(address)
    wait_until(lambda: house.counter("mail_sent") == sent + 1, message="the letter to be counted")
    assert message["from"] == "Things <things@example.com>" and message["to"] == address
    assert message["auto-submitted"] == "auto-generated" and key in message.get_body(("plain",)).get_content()
    token = token_of(message)
    assert token not in str(house.rows("select * from account_reset"))
    assert post(house, "/reset", token=token, password="short").status_code == 422
    done = post(house, "/reset", token=token, password="another one entirely")
    assert done.status_code == 204 and "__Host-thingd-device=" in done.headers["set-cookie"]
    assert post(house, "/reset", token=token, password="another one entirely").status_code == 401
    assert sign_in(house, key, password) == 401 and sign_in(house, key, "another one entirely") == 201
    cookie = old.headers["set-cookie"].split(";")[0]
    assert httpx.get(house.stack.http + "/api/v1/session", headers={"cookie": cookie}, trust_env=False).status_code == 401
    actions = [entry["action"] for entry in house.call("GET", "/api/v1/audit", params={"target": key})["items"]]
    assert actions[:4] == ["session:create", "session:reset", "session:reset_request", "session:create"]


@pytest.mark.parametrize(("language", "subject"), [
    ("en", "Äpfel & Söhne: set a new password"), ("zh", "Äpfel & Söhne：设置新密码"), (None, "Äpfel & Söhne: set a new password")])
def test_the_letter_speaks_the_language_of_the_page(house, account, mailbox, language, subject):
    house.call("PATCH", "/api/v1/settings", {"site_name": "Äpfel & Söhne"})
    key, address, _ = account()

    def has_name():  # each worker looks at the settings once a second
        house.db.execute("delete from account_reset")
        ask(house, key, **({"language": language} if language else {}))
        house.db.execute("delete from sign_in_failure")
        return [m for m in mailbox.to(address) if m["subject"] == subject]

    wait_until(has_name, message="the name of the house")
    house.call("PATCH", "/api/v1/settings", {"site_name": None})


def test_a_name_cannot_become_a_header(house, account, mailbox):
    house.call("PATCH", "/api/v1/settings", {"site_name": "x\r\nBcc: evil@example.com\r\n\r\n<script>"})
    key, address, _ = account()

    def has_name():
        house.db.execute("delete from account_reset; delete from sign_in_failure")
        ask(house, key)
        return [m for m in mailbox.to(address) if "script" in m["subject"]]

    [message] = wait_until(has_name, message="the name of the house")
    assert message["bcc"] is None and [to for to, m in mailbox.letters if m is message] == [[address]]
    house.call("PATCH", "/api/v1/settings", {"site_name": None})


def test_the_mail_address_will_do_whatever_its_case(house, account, mailbox):
    address = f"Shared-{secrets.token_hex(4)}@example.com"
    keys = sorted(account(email=address)[0] for _ in range(2))
    ask(house, address.upper())
    texts = [message.get_body(("plain",)).get_content() for message in mailbox.to(address, 2)]
    assert all(any(key in text for text in texts) for key in keys)


def test_nobody_learns_who_has_an_account(house, account, mailbox):
    known, address, _ = account()
    disabled, _, _ = account(enabled=False)
    nowhere, _, _ = account(email="")
    odd, _, _ = account(email="not an address\r\nRCPT TO:<evil@example.com>")
    answers = [ask(house, who) for who in ("nobody-" + known, disabled, nowhere, odd, "a@b\r\nc", "%", known)]
    assert len({tuple(sorted((k, v) for k, v in a.headers.items() if k not in ("x-request-id", "date", "ratelimit-remaining",
                                                                                "ratelimit-reset"))) for a in answers}) == 1
    mailbox.to(address)
    assert not [to for to, _ in mailbox.letters if to != [address] and any(k in str(to) for k in (disabled, nowhere, "evil"))]


def test_the_answer_comes_before_anything_is_looked_up(house, account, mailbox):
    key, address, _ = account()
    with house.db.transaction():
        house.db.execute("lock table account in access exclusive mode")
        ask(house, key)
        ask(house, "nobody-at-all")
    mailbox.to(address)


def test_asking_again_neither_floods_the_mailbox_nor_ends_the_link(house, account, mailbox):
    key, address, _ = account()
    ask(house, key)
    token = token_of(mailbox.to(address)[0])
    for _ in range(5):
        ask(house, key)
    other, elsewhere, _ = account()
    ask(house, other)
    mailbox.to(elsewhere)  # what was asked for before it has been looked at
    house.db.execute("update account_reset set created_at = created_at - interval '11 minutes'")
    ask(house, key)
    assert len(mailbox.to(address, 2)) == 2
    assert post(house, "/reset", token=token, password="another one entirely").status_code == 204


def test_strangers_are_slowed_down_by_their_network_only(house, account, mailbox):
    answers = [post(house, "/reset-request", account=f"nobody-{n}") for n in range(30)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert answers[0].status_code == 204 and refused and "retry-after" in refused[0].headers
    key, _, password = account()
    assert sign_in(house, key, password) == 201
    assert post(house, "/reset", token="x", password="another one entirely").status_code == 401


def test_guessing_tokens_holds_up_nobody_else(house, account):
    key, _, password = account()
    token = house.call("POST", f"/api/v1/accounts/{key}/reset", expect=201)["token"]
    known = post(house, "", account=key, password=password).headers.get_list("set-cookie")
    answers = [post(house, "/reset", token=f"guess-{n}", password="another one entirely").status_code for n in range(30)]
    assert answers[0] == 401 and 429 in answers
    assert post(house, "/reset", token=token, password="another one entirely").status_code == 204
    post(house, "/reset-request", account="nobody")
    house.db.execute("update sign_in_failure set blocked_until = now() + interval '1 hour'")
    assert post(house, "/reset-request", account=key).status_code == 429
    [device] = [line.split(";")[0] for line in known if "-device=" in line]
    assert httpx.post(house.stack.http + "/api/v1/session/reset-request", json={"account": key}, trust_env=False,
                      headers={"cookie": device}).status_code == 204
    assert house.value("select coalesce(sum(failures), 0) from sign_in_failure where source = 'any'") == 0


@pytest.mark.parametrize("change", ["password", "email", "disabled", "expired", "deleted"])
def test_a_link_ends_with_what_it_was_for(house, account, mailbox, change):
    key, address, password = account()
    ask(house, key)
    token = token_of(mailbox.to(address)[0])
    path = f"/api/v1/accounts/{key}"
    if change == "password":
        session = post(house, "", account=key, password=password)
        headers = {"x-csrf-token": session.json()["csrf_token"], "cookie": session.headers["set-cookie"].split(";")[0]}
        changed = httpx.post(house.stack.http + "/api/v1/session/password", headers=headers, trust_env=False,
                             json={"current": password, "password": "changed by myself"})
        assert changed.status_code == 200, changed.text
    elif change == "email":
        house.call("PATCH", path, {"email": "other@example.com"})
    elif change == "disabled":
        house.call("PATCH", path, {"enabled": False})
        house.call("PATCH", path, {"enabled": True})
    elif change == "expired":
        house.db.execute("update account_reset set expires_at = now() - interval '1 second'")
    else:
        house.call("DELETE", path, expect=204)
    assert post(house, "/reset", token=token, password="another one entirely").status_code == 401


def test_an_administrator_has_a_link_sent_and_does_not_see_it(house, account, mailbox):
    key, address, _ = account()
    made = house.call("POST", f"/api/v1/accounts/{key}/reset", {"send": True}, 201)
    assert made["token"] is None and made["expires_at"]
    token = token_of(mailbox.to(address)[0])
    assert post(house, "/reset", token=token, password="another one entirely").status_code == 204
    shown = house.call("POST", f"/api/v1/accounts/{key}/reset", expect=201)["token"]
    assert post(house, "/reset", token=shown, password="yet another one").status_code == 204


def test_an_administrator_hears_when_it_does_not_go(house, account, mailbox):
    nowhere, _, _ = account(email="")
    answer = house.api.post(f"/api/v1/accounts/{nowhere}/reset", json={"send": True})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    key, _, _ = account()
    mailbox.say[:] = ["554 not here"]
    failed = house.counter("mail_failed")
    answer = house.api.post(f"/api/v1/accounts/{key}/reset", json={"send": True})
    assert (answer.status_code, answer.json()["code"]) == (502, "mail_failed")
    assert house.counter("mail_failed") == failed + 1
    assert house.value("select count(*) from account_reset r join account a on a.id = r.account_id where a.key = %s", key) == 0


def test_a_server_that_is_busy_is_tried_again(house, account, mailbox):
    key, address, _ = account()
    mailbox.say[:] = ["451 later"]
    ask(house, key)
    assert token_of(mailbox.to(address)[0])


def test_a_letter_that_is_refused_for_good_can_be_asked_for_again(house, account, mailbox):
    key, address, _ = account()
    seen = mailbox.seen
    mailbox.say[:] = ["550 no"]
    ask(house, key)
    wait_until(lambda: mailbox.seen > seen and not house.rows(
        "select 1 from account_reset r join account a on a.id = r.account_id where a.key = %s", key), message="the refusal")
    ask(house, key)
    assert token_of(mailbox.to(address)[0])


def test_accounts_of_the_provider_have_no_password_to_reset(house, account, mailbox):
    key, address, _ = account()
    other, elsewhere, _ = account()
    house.db.execute("update account set password = null where key = %s", [key])
    ask(house, key)
    ask(house, other)
    mailbox.to(elsewhere)
    assert not [to for to, _ in mailbox.letters if to == [address]]


def test_the_sign_in_page_hears_what_there_is(house, fresh_stack):
    assert house.door.get(house.stack.http + "/api/v1/session/ways").json() == {"reset": True, "provider": None}
    plain = fresh_stack(nodes=0)
    assert plain.door.get(plain.stack.http + "/api/v1/session/ways").json() == {"reset": False, "provider": None}
    assert post(plain, "/reset-request", account="x").status_code == 404


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """(certificate, key) of a server on this machine, its own authority."""
    folder = tmp_path_factory.mktemp("certificate")
    paths = (str(folder / "cert.pem"), str(folder / "key.pem"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=mail",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-out", paths[0], "-keyout", paths[1]],
                   check=True, capture_output=True)
    return paths


def reset_of(fresh_stack, mailbox, **settings):
    """A platform that was asked for a reset; its account's key."""
    one = fresh_stack(nodes=0, workers=1, settings={
        "http.public_url": PUBLIC, "mail.url": mailbox.url, "mail.from": "things@example.com", **settings})
    one.call("POST", "/api/v1/accounts", {"key": "ann", "email": "ann@example.com", "password": "the first of them"}, 201)
    ask(one, "ann")
    return one


def doctor(stack):
    return subprocess.run([thingd.program(), "doctor", "--config", stack.stack.instances[0]["config"]], text=True,
                          capture_output=True, check=False).stdout


def wait_for_log(stack, text):

    def lines():
        with open(stack.dir + "/thingd-1.log") as log:
            return [line for line in log if text in line]

    return wait_until(lines, message=f"'{text}' in the log")[0]


def test_encrypted_and_with_a_login(fresh_stack, certificate):
    mailbox = Mailbox(certificate, ("things", "pass word"))
    one = reset_of(fresh_stack, mailbox, **{"mail.ca": certificate[0], "mail.user": "things", "mail.password": "pass word"})
    assert token_of(mailbox.to("ann@example.com")[0])
    letters = len(mailbox.letters)
    assert "ok    mail  " in doctor(one) and len(mailbox.letters) == letters
    mailbox.close()
    assert "FAIL  mail  " in doctor(one)


@pytest.mark.parametrize(("settings", "reason"), [
    ({"mail.user": "things", "mail.password": "wrong", "mail.ca": True}, "unauthenticated"),
    ({}, "certificate"),  # nobody vouches for the server
])
def test_a_server_that_does_not_fit_gets_nothing(fresh_stack, certificate, settings, reason):
    mailbox = Mailbox(certificate, ("things", "pass word"))
    settings = {key: certificate[0] if value is True else value for key, value in settings.items()}
    one = reset_of(fresh_stack, mailbox, **settings)
    if reason == "certificate":
        one.stack.stop("thingd")  # which gives up at once what would be tried again
    assert reason in wait_for_log(one.stack, "reset_mail_failed")
    assert mailbox.letters == []
    mailbox.close()


def test_a_password_or_letter_is_never_sent_in_the_clear(fresh_stack):
    mailbox = Mailbox()  # offers no STARTTLS, as one in the middle would
    one = reset_of(fresh_stack, mailbox)
    one.stack.stop("thingd")
    assert "STARTTLS" in wait_for_log(one.stack, "reset_mail_failed")
    assert mailbox.letters == []
    mailbox.close()
