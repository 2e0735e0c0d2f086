# SPDX-License-Identifier: Apache-2.0
"""Alarms through the API: what people see, acknowledge and clear, live and later."""

import contextlib
import datetime

import httpx
import psycopg
import pytest
from harness import hooks, scripts
from harness.alarms import SCRIPT, active, closed, log, say, seen
from harness.live import Listener
from harness.wait import PATIENCE

DAY = 86_400_000


@pytest.fixture(scope="module")
def stack(module_stack):
    return module_stack(nodes=0)


@pytest.fixture
def device(stack, identity):
    scripts.install(stack, identity.product, SCRIPT)
    return identity


@pytest.fixture
def fleet(stack, make_device, device):
    """Three devices of one product: critical, warning and info alarms named after their severity on each, and `own` on the
    last."""
    devices = [device, make_device(device.product), make_device(device.product)]
    for one in devices:
        for severity in ("critical", "warning", "info"):
            stack.accept(say(one, **{"raise": [severity]}, severity=severity))
    stack.accept(say(devices[2], **{"raise": ["own"]}))
    return devices


@contextlib.contextmanager
def client(stack, role, products=None):
    token = stack.call("POST", "/api/v1/tokens", {"name": role, "role": role, "products": products}, 201)["token"]
    with httpx.Client(base_url=stack.stack.http, headers={"authorization": f"Bearer {token}"}, timeout=PATIENCE, trust_env=False) as one:
        one.token = token
        yield one


def listed(stack, path="/api/v1/alarms", **params):
    return stack.call("GET", path, params=params)["items"]


def names(items):
    return sorted((item["device"], item["key"]) for item in items)


def test_people_acknowledge_and_clear(stack, device):
    stack.accept(say(device, **{"raise": ["hot"]}, message="81 degrees"))
    [first] = active(stack, device)
    path = f"/api/v1/alarms/{first['id']}"
    doc = stack.call("GET", path)
    assert (doc["state"], doc["count"], doc["acknowledged_at"], doc["cleared_at"]) == ("active", 1, None, None)
    doc = stack.call("POST", path + "/acknowledge", {"note": "on my way"})
    assert (doc["acknowledged_by"], doc["note"], doc["state"]) == ("bootstrap", "on my way", "active")
    assert stack.call("POST", path + "/acknowledge", {"note": "me too"}) == doc
    stack.accept(say(device, **{"raise": ["hot"]}, look="hot"))
    assert (seen(stack, device)["acknowledged"], seen(stack, device)["count"]) == (True, 2)
    doc = stack.call("POST", path + "/clear", {"note": "fan replaced"})
    assert (doc["state"], doc["cleared_by"], doc["count"]) == ("cleared", "bootstrap", 2)
    for action in ("acknowledge", "clear"):
        answer = stack.api.post(f"{path}/{action}", json={})
        assert (answer.status_code, answer.json()["code"]) == (409, "alarm_closed")
    assert stack.call("GET", path) == doc
    stack.accept(say(device, look="hot"))
    assert seen(stack, device) == "none"
    entries = stack.call("GET", path + "/log", params={"order": "asc"})["items"]
    assert [(e["event"], e["message"], e["actor"]) for e in entries] == [
        ("raised", "81 degrees", {"kind": "script", "name": ""}),
        ("acknowledged", "on my way", {"kind": "token", "name": "bootstrap"}),
        ("cleared", "fan replaced", {"kind": "token", "name": "bootstrap"})]
    stack.accept(say(device, **{"raise": ["hot"]}))
    [second] = active(stack, device)
    assert second["id"] != first["id"] and second["count"] == 1 and second["by"] is None
    items = stack.call("GET", device.path + "/alarms", params={"state": "all"})["items"]
    assert [item["id"] for item in items] == [second["id"], first["id"]]


def test_lists_are_filtered_sorted_counted_and_paged(stack, fleet):
    product, last = fleet[0].product, fleet[2]
    assert len(listed(stack, product=product)) == 10
    assert names(listed(stack, product=product, severity="critical")) == names(
        [{"device": one.key, "key": "critical"} for one in fleet])
    assert len(listed(stack, product=product, severity="critical,info")) == 6
    assert names(listed(stack, key="own", product=product)) == [(last.key, "own")]
    assert names(listed(stack, device=last.key)) == names(listed(stack, last.path + "/alarms"))
    assert [item["severity"] for item in listed(stack, last.path + "/alarms", sort="-severity")] == [
        "critical", "warning", "warning", "info"]
    now = datetime.datetime.now(datetime.timezone.utc)
    hour = datetime.timedelta(hours=1)
    assert len(listed(stack, product=product, **{"from": (now - hour).isoformat(), "to": (now + hour).isoformat()})) == 10
    assert listed(stack, product=product, **{"from": (now + hour).isoformat()}) == []
    assert stack.call("GET", "/api/v1/alarms", params={"product": product, "count": "true", "limit": 1})["total"] == {
        "value": 10, "estimate": False}
    stack.accept(say(last, clear=["own", "info"]))
    for state, count in (("active", 8), ("unacknowledged", 8), ("acknowledged", 0), ("cleared", 2), ("all", 10)):
        assert len(listed(stack, product=product, state=state)) == count
        for sort in ("id", "-id", "raised_at", "-raised_at", "severity", "-severity"):
            got, cursor = [], None
            while cursor or not got:
                page = stack.call("GET", "/api/v1/alarms", params={"product": product, "state": state, "limit": 3, "sort": sort,
                                                                   **({"cursor": cursor} if cursor else {})})
                got, cursor = got + [item["id"] for item in page["items"]], page["next_cursor"]
                if not cursor:
                    break
            assert len(got) == len(set(got)) == count
    assert stack.api.get("/api/v1/alarms", params={"state": "gone"}).status_code == 400
    for number in ("0", "999999999", "x", "1.5", "99999999999999999999"):
        assert stack.api.get(f"/api/v1/alarms/{number}").status_code == 404


def test_many_are_acknowledged_and_cleared_at_once(stack, fleet):
    product = fleet[0].product
    done = stack.call("POST", "/api/v1/alarms/acknowledge", {"product": product, "severity": ["critical"], "note": "all of them"})
    assert done == {"done": 3, "more": False}
    assert {item["note"] for item in listed(stack, product=product, state="acknowledged")} == {"all of them"}
    assert stack.call("POST", "/api/v1/alarms/acknowledge", {"product": product, "limit": 5}) == {"done": 5, "more": True}
    assert stack.call("POST", "/api/v1/alarms/acknowledge", {"product": product}) == {"done": 2, "more": False}
    ids = [item["id"] for item in listed(stack, product=product, key="own")]
    assert stack.call("POST", "/api/v1/alarms/clear", {"ids": [float(ids[0]), 999999999], "limit": 10.0}) == {"done": 1, "more": False}
    # RFC 3339 knows offsets that PostgreSQL does not.
    assert stack.call("POST", "/api/v1/alarms/clear", {"to": "2020-01-01T00:00:00-23:59"}) == {"done": 0, "more": False}
    assert stack.call("POST", "/api/v1/alarms/clear", {"device": fleet[1].key, "note": "gone"}) == {"done": 3, "more": False}
    assert len(listed(stack, product=product)) == 6 and active(stack, fleet[1]) == []
    for entry in log(stack, fleet[1])[-3:]:
        assert (entry["event"], entry["message"], entry["kind"], entry["actor"]) == ("cleared", "gone", "token", "bootstrap")
    # The owner of the device knows.
    stack.accept(say(fleet[1], **{"raise": ["critical"]}, look="critical"))
    assert seen(stack, fleet[1])["count"] == 1
    audit = stack.call("GET", "/api/v1/audit", params={"action": "alarms:clear"})["items"]
    assert {"cleared"} <= {entry["target"] for entry in audit}


def test_a_request_sent_twice_is_done_once(stack, device):
    stack.accept(say(device, **{"raise": ["hot"]}))
    path = f"/api/v1/alarms/{active(stack, device)[0]['id']}/clear"
    answers = [stack.api.post(path, json={"note": "x"}, headers={"idempotency-key": "again-" + device.key}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200] and answers[0].json() == answers[1].json()
    assert [entry["event"] for entry in log(stack, device)] == ["raised", "cleared"]


def test_roles_and_products_bound_what_may_be_seen_and_done(stack, fleet, make_device):
    other = make_device()
    scripts.install(stack, other.product, SCRIPT)
    stack.accept(say(other, **{"raise": ["secret"]}))
    theirs, mine = active(stack, other)[0]["id"], active(stack, fleet[0])[0]["id"]
    with client(stack, "viewer", [fleet[0].product]) as one:
        assert {item["product"] for item in one.get("/api/v1/alarms").json()["items"]} == {fleet[0].product}
        assert one.get(f"/api/v1/alarms/{theirs}").status_code == one.get(f"/api/v1/alarms/{theirs}/log").status_code == 404
        assert one.get(f"/api/v1/alarms/{mine}/log").status_code == 200
        assert one.post(f"/api/v1/alarms/{mine}/acknowledge", json={}).status_code == 403
        assert one.get("/api/v1/statistics").json()["alarms"] == {"critical": 3, "warning": 4, "info": 3, "unacknowledged": 10}
    with client(stack, "operator", [fleet[0].product]) as one:
        assert one.post(f"/api/v1/alarms/{theirs}/clear", json={}).status_code == 404
        assert one.post("/api/v1/alarms/clear", json={"product": other.product}).json() == {"done": 0, "more": False}
        assert one.post("/api/v1/alarms/clear", json={"ids": [theirs, mine]}).json() == {"done": 1, "more": False}
        assert one.post("/api/v1/alarms/clear").json() == {"done": 9, "more": False}
    assert [row["id"] for row in active(stack, other)] == [theirs]


def test_listeners_hear_what_becomes_of_alarms(stack, device):
    one = Listener(stack.stack.http, stack.stack.admin_token, device=device.key, kinds="alarm")
    one.got.get(timeout=PATIENCE)
    for params in ({"raise": ["hot"], "message": "m"}, {"raise": ["hot"]}, {"raise": ["hot"], "severity": "critical"}, {"clear": ["hot"]},
                   {"clear": ["hot"]}, {"raise": ["wet"]}):
        stack.accept(say(device, **params))
    told = [one.next("alarm") for _ in range(4)]
    assert [(t["event"], t["key"], t["severity"], t["message"]) for t in told] == [
        ("raised", "hot", "warning", "m"), ("changed", "hot", "critical", ""), ("cleared", "hot", "critical", ""),
        ("raised", "wet", "warning", "")]
    assert {(t["product"], t["device"]) for t in told} == {(device.product, device.key)}
    [alarm] = active(stack, device)
    for action in ("acknowledge", "clear"):
        stack.call("POST", f"/api/v1/alarms/{alarm['id']}/{action}", {"note": "n"})
    told = [one.next("alarm") for _ in range(2)]
    assert [(t["event"], t["id"], t["by"], t["message"]) for t in told] == [
        ("acknowledged", alarm["id"], "bootstrap", "n"), ("cleared", alarm["id"], "bootstrap", "n")]
    one.close()


def test_who_may_not_read_alarms_hears_none(stack, device):
    role = "deaf-" + device.key
    stack.call("POST", "/api/v1/roles", {"key": role, "permissions": ["events:read"]}, 201)
    with client(stack, role) as mine:
        one = Listener(stack.stack.http, mine.token, device=device.key)
        one.got.get(timeout=PATIENCE)
        stack.accept(say(device, **{"raise": ["hot"]}), hooks.event_post(device, "last", {}))
        assert one.next()["type"] == "last"
        one.close()


def test_closed_alarms_are_kept_as_long_as_their_product_says(stack, make_product, make_device):
    brief = make_device(make_product(retention_days=2))
    other = make_device()
    for device in (brief, other):
        scripts.install(stack, device.product, SCRIPT)
        for key in ("old", "new", "standing"):
            stack.accept(say(device, **{"raise": [key]}))
        stack.accept(say(device, clear=["old", "new"]))
    back = ("update {} a set {} from device d where d.id = a.device_id and d.key = any(%s) and a.{}")
    devices = [brief.key, other.key]
    old = "id in (select id from alarm_closed where key = 'old')"
    stack.db.execute(back.format("alarm_log", "ts = ts - interval '3 days'", "alarm_" + old), [devices])
    stack.db.execute(back.format("alarm_closed", "raised_at = raised_at - interval '3 days', cleared_at = cleared_at - interval '3 days'",
                                 old), [devices])
    with psycopg.connect(stack.stack.database) as db:
        assert db.execute("select th_retention_alarms(1000)").fetchone()[0] <= 1  # the platform's own job may have been first
    assert [row["key"] for row in closed(stack, brief)] == ["new"]
    assert sorted(row["key"] for row in closed(stack, other)) == ["new", "old"]
    assert [row["key"] for row in active(stack, brief)] == ["standing"]
    assert len(log(stack, brief)) == 3 and len(log(stack, other)) == 5


def test_partitions_are_kept_ahead(stack):
    for table in ("alarm_closed", "alarm_log"):
        tomorrow = stack.value("select %s || to_char(now() at time zone 'UTC' + interval '1 day', '_YYYYMMDD')", table)
        assert stack.value("select to_regclass(%s)", tomorrow)


def test_a_device_takes_its_alarms_with_it(stack, device):
    stack.accept(say(device, **{"raise": ["hot", "wet"]}), say(device, clear=["wet"]))
    number = stack.value("select id from device where key = %s", device.key)
    tag = stack.api.get(device.path).headers["etag"]
    answer = stack.api.delete(device.path, params={"history": "delete"}, headers={"if-match": tag})
    assert answer.is_success
    for table in ("alarm", "alarm_closed", "alarm_log"):
        assert stack.value(f"select count(*) from {table} where device_id = %s", number) == 0
