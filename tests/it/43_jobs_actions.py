# SPDX-License-Identifier: Apache-2.0
"""The same done to many devices: over keys, filters and groups; what fails, who may, cancel, the live stream."""

import json
import secrets

import pytest
from harness import hooks, jobs
from harness.jobs import act, rows


@pytest.fixture(scope="module")
def platform(module_stack):
    """No broker: nothing connects here."""
    return module_stack(nodes=0)


@pytest.fixture
def fleet(platform):
    """A product with 450 devices, every third one tagged: (product, mark, keys)."""
    product, mark = platform.make_product(), "a" + secrets.token_hex(4)
    platform.db.execute(
        "insert into device (product_id, key, tags) select p.id, %s || '-' || lpad(n::text, 3, '0'),"
        " case when n %% 3 = 0 then array[%s] else '{}' end from product p, generate_series(0, 449) n where p.key = %s",
        [mark, mark, product])
    return product, mark, [f"{mark}-{n:03}" for n in range(450)]


def having(platform, mark, condition):
    return platform.value(f"select count(*) from device where key ^@ %s and {condition}", mark)


def test_tags_are_added_and_taken_away_by_filter(platform, fleet):
    product, mark, keys = fleet
    done = act(platform.api, "tag", {"filter": {"product": product, "tag": mark}}, tags=["new", mark])
    assert (done["state"], done["total"], done["done"], done["counts"]) == ("done", 150, 150, {"changed": 150, "unchanged": 0})
    assert platform.value("select tags from device where key = %s", keys[3]) == [mark, "new"]
    assert having(platform, mark, "tags @> '{new}'") == 150
    both = act(platform.api, "tag", {"filter": {"product": product, "tag": ["new", mark]}}, tags=["new"])
    assert both["counts"] == {"changed": 0, "unchanged": 150}
    again = act(platform.api, "tag", {"filter": {"product": product}}, tags=["new"])
    assert again["counts"] == {"changed": 300, "unchanged": 150}
    gone = act(platform.api, "untag", {"filter": {"product": product}}, tags=["new", "never"])
    assert gone["counts"] == {"changed": 450, "unchanged": 0} and having(platform, mark, "tags @> '{new}'") == 0
    counts = {t["tag"]: t["devices"] for t in platform.call("GET", "/api/v1/tags", params={"product": product})["items"]}
    assert counts == {mark: 150}


def test_each_device_is_audited_and_the_job_once(platform, fleet):
    product, mark, keys = fleet
    selection = {"keys": keys[:3]}
    done = act(platform.api, "disable", selection)
    seen = platform.rows("select action, target, product_key, before ->> 'enabled' b, after ->> 'enabled' a, actor"
                         " from audit where target = any(%s) order by id", keys[:3])
    assert [(r["action"], r["target"], r["product_key"], r["b"], r["a"]) for r in seen] == [
        ("devices:update", key, product, "true", "false") for key in keys[:3]]
    assert {r["actor"] for r in seen} == {done["actor"]}
    [one] = platform.rows("select after -> 'params' -> 'selection' s from audit where action = 'jobs:act' and target = %s",
                          str(done["id"]))
    assert one["s"] == selection
    assert act(platform.api, "enable", selection)["counts"] == {"changed": 3, "unchanged": 0}
    assert platform.call("GET", f"/api/v1/products/{product}/devices/{keys[0]}")["enabled"] is True


def test_a_disabled_device_is_refused_at_once(platform):
    device = platform.make_device()
    platform.accept(hooks.property_post(device, {"a": 1}))
    act(platform.api, "disable", {"keys": [device.key]})
    platform.accept(hooks.property_post(device, {"a": 2}))
    assert [letter["reason"] for letter in platform.dead_letters(device)] == ["disabled"]


def test_keys_that_are_not_there_are_named(platform, fleet):
    product, mark, keys = fleet
    done = act(platform.api, "tag", {"keys": [keys[0], "no-such", keys[1]] + [f"none-{n}" for n in range(250)]}, tags=["x"])
    assert done["counts"] == {"changed": 2, "unchanged": 0} and (done["failed"], done["done"]) == (251, 253)
    seen = rows(platform.api, done)
    assert seen[0] == {"number": 2, "line": None, "key": "no-such", "outcome": "error", "code": "not_found",
                       "message": "There is no such device."}
    assert [row["key"] for row in seen[1:]] == [f"none-{n}" for n in range(250)]


def test_a_device_that_would_have_too_many_tags_is_named(platform, fleet):
    product, mark, keys = fleet
    full = [f"t{n}" for n in range(64)]
    platform.call("PATCH", f"/api/v1/products/{product}/devices/{keys[1]}", {"tags": full})
    done = act(platform.api, "tag", {"keys": keys[:3]}, tags=["one-more"])
    assert done["counts"] == {"changed": 2, "unchanged": 0} and done["failed"] == 1
    assert [(row["key"], row["code"]) for row in rows(platform.api, done)] == [(keys[1], "validation_failed")]


def test_commands_are_queued_once_for_each_of_a_group(platform, fleet):
    product, mark, keys = fleet
    group = "g-" + mark
    platform.call("POST", "/api/v1/groups", {"key": group}, 201)
    platform.call("POST", f"/api/v1/groups/{group}/members", {"add": keys[:5]})
    body = f'{{"action": "command", "selection": {{"filter": {{"group": "{group}"}}}}, "command": ' \
           '{"name": "reset", "params": {"n": 123456789012345678901}, "ttl_seconds": 60}}'
    done = jobs.over(platform.api, jobs.start(platform.api, "/devices/actions", content=body,
                                              headers={"content-type": "application/json"}))
    assert done["counts"] == {"changed": 5, "unchanged": 0}
    queued = platform.rows("select d.key, c.name, c.params ->> 'n' n, c.expires_at - c.created_at < interval '2 minutes' soon"
                           " from command c join device d on d.id = c.device_id where d.key ^@ %s order by d.key", mark)
    assert [(c["key"], c["name"], c["n"], c["soon"]) for c in queued] == [
        (key, "reset", "123456789012345678901", True) for key in keys[:5]]
    assert platform.value("select count(*) from audit where action = 'commands:create' and target ^@ %s", mark) == 5


def test_devices_are_deleted_with_their_history_or_without(platform):
    product = platform.make_product()
    kept, gone = platform.make_device(product), platform.make_device(product)
    platform.accept(hooks.property_post(kept, {"a": 1}), hooks.property_post(gone, {"a": 1}))
    ids = {row["key"]: row["id"] for row in platform.rows("select id, key from device where key = any(%s)", [kept.key, gone.key])}
    act(platform.api, "delete", {"keys": [kept.key]})
    act(platform.api, "delete", {"keys": [gone.key]}, history="delete")
    left = [platform.value("select count(*) from property_history where device_id = %s", ids[d.key]) for d in (kept, gone)]
    assert left == [1, 0] and platform.value("select count(*) from device where key = any(%s)", [kept.key, gone.key]) == 0
    assert platform.value("select key from device_deleted where id = %s", ids[kept.key]) == kept.key
    platform.accept(hooks.property_post(kept, {"a": 2}))
    assert [letter["reason"] for letter in platform.dead_letters(kept)] == ["unknown_device"]


def test_a_preview_counts_and_shows_some(platform, fleet):
    product, mark, keys = fleet
    seen = platform.call("POST", "/api/v1/devices/actions/preview",
                         {"action": "delete", "selection": {"filter": {"product": product, "tag": mark}}})
    assert seen == {"devices": 150, "sample": keys[:30:3]}
    assert having(platform, mark, "true") == 450


def test_a_role_for_one_product_reaches_that_one_only(platform, fleet):
    product, mark, keys = fleet
    theirs = platform.make_device()
    with jobs.client(platform, "operator", [product]) as one:
        done = act(one, "tag", {"keys": [keys[0], theirs.key]}, tags=["mine"])
        assert done["counts"] == {"changed": 1, "unchanged": 0}
        assert [(row["key"], row["code"]) for row in rows(one, done)] == [(theirs.key, "not_found")]
        done = act(one, "tag", {"all": True}, tags=["all"])
        assert done["total"] == 450 and platform.value("select tags from device where key = %s", theirs.key) == []
        assert one.post("/api/v1/devices/actions", json={"action": "delete", "selection": {"all": True}}).status_code == 403
        group = "g-" + mark
        platform.call("POST", "/api/v1/groups", {"key": group}, 201)
        platform.call("POST", f"/api/v1/groups/{group}/members", {"add": [theirs.key]})
        body = {"action": "enable", "selection": {"filter": {"group": group}}}
        assert one.post("/api/v1/devices/actions/preview", json=body).json() == {"devices": 0, "sample": []}
    with jobs.client(platform, "viewer") as one:
        assert one.post("/api/v1/devices/actions", json=body).status_code == 403


@pytest.mark.parametrize("body", [
    {"action": "tag", "selection": {"all": True}}, {"action": "enable", "selection": {"all": True}, "tags": ["x"]},
    {"action": "command", "selection": {"all": True}}, {"action": "enable", "selection": {}},
    {"action": "enable", "selection": {"all": False}}, {"action": "enable", "selection": {"filter": {}}},
    {"action": "enable", "selection": {"all": True, "keys": ["a"]}}, {"action": "enable", "selection": {"keys": []}},
    {"action": "enable", "selection": {"filter": {"nonsense": "1"}}}, {"action": "explode", "selection": {"all": True}},
    {"action": "enable", "selection": {"all": True}, "history": "keep"}, {"action": "enable"},
])
def test_an_action_of_the_wrong_form_is_refused(platform, body):
    assert platform.api.post("/api/v1/devices/actions", json=body).status_code == 422


def test_a_refusal_says_what_is_wrong_with_this_action(platform):
    body = {"action": "enable", "selection": {"filter": {"online": "maybe"}}}
    answer = platform.api.post("/api/v1/devices/actions", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "/selection/filter/online")
    answer = platform.api.post("/api/v1/devices/actions", json={"action": "tag", "selection": {"all": True}})
    assert (answer.status_code, answer.json()["detail"]) == (422, "/tags is required")


def test_a_repeated_request_makes_one_job(platform, fleet):
    body = {"action": "enable", "selection": {"keys": fleet[2][:1]}}
    answers = [platform.api.post("/api/v1/devices/actions", json=body, headers={"idempotency-key": fleet[1]}) for _ in range(2)]
    assert [a.status_code for a in answers] == [202, 202] and answers[0].json()["id"] == answers[1].json()["id"]


def test_cancel_ends_a_job_after_its_step_and_what_is_done_stays(platform, fleet, wait_until):
    product, mark, keys = fleet
    platform.db.execute("insert into device (product_id, key) select id, %s || '-x' || n from product, generate_series(1, 1550) n"
                        " where key = %s", [mark, product])
    with jobs.slow_steps(platform, 0.3):
        started = jobs.start(platform.api, "/devices/actions", json={
            "action": "tag", "selection": {"filter": {"product": product}}, "tags": ["some"]})
        wait_until(lambda: jobs.job(platform.api, started["id"])["done"] > 0, message="the first step")
        answer = platform.api.post(f"/api/v1/jobs/{started['id']}/cancel")
        assert answer.status_code == 200 and answer.json()["canceling"]
        done = jobs.over(platform.api, started)
    assert done["state"] == "canceled" and 0 < done["done"] < 2000
    assert having(platform, mark, "tags @> '{some}'") == done["done"] == done["counts"]["changed"]
    actions = [row["action"] for row in platform.rows("select action from audit where target = %s order by id", str(done["id"]))]
    assert actions == ["jobs:act", "jobs:cancel"]


def test_a_job_that_waits_is_canceled_before_it_begins(platform, fleet, wait_until):
    product, mark, keys = fleet
    with jobs.slow_steps(platform, 0.5):
        busy = [jobs.start(platform.api, "/devices/actions", json={
            "action": "tag", "selection": {"filter": {"product": product}}, "tags": [f"b{n}"]}) for n in range(2)]
        wait_until(lambda: all(jobs.job(platform.api, one["id"])["state"] == "running" for one in busy), message="both running")
        waits = jobs.start(platform.api, "/devices/actions", json={
            "action": "tag", "selection": {"filter": {"product": product}}, "tags": ["never"]})
        answer = platform.call("POST", f"/api/v1/jobs/{waits['id']}/cancel")
        assert (answer["state"], answer["done"], answer["started_at"]) == ("canceled", 0, None)
        for one in busy:
            assert jobs.over(platform.api, one)["state"] == "done"
    assert having(platform, mark, "tags @> '{never}'") == 0


def test_one_caller_has_so_many_open_jobs_and_no_more(platform, fleet):
    with jobs.slow_steps(platform, 0.3), jobs.client(platform, "operator") as one:
        body = {"action": "tag", "selection": {"filter": {"product": fleet[0]}}, "tags": ["cap"]}
        answers = [one.post("/api/v1/devices/actions", json=body) for _ in range(26)]
        refused = [a for a in answers if a.status_code != 202]
        assert 4 <= len(refused) <= 6 and {(a.status_code, a.json()["code"]) for a in refused} == {(503, "busy")}
        for answer in answers:
            if answer.status_code == 202:
                one.post(f"/api/v1/jobs/{answer.json()['id']}/cancel")
        for answer in answers:
            if answer.status_code == 202:
                jobs.over(one, answer.json())


def heard(one, started):
    """States of a job as the live stream tells them."""
    with one.stream("GET", "/api/v1/events", params={"kinds": "job"}) as stream:
        job = started()
        kind = None
        for line in stream.iter_lines():
            if line.startswith("event: "):
                kind = line[7:]
            elif line.startswith("data: ") and kind == "job":
                data = json.loads(line[6:])
                if data["id"] == job["id"]:
                    yield data
                    if data["state"] == "done":
                        return


def test_progress_is_on_the_live_stream_of_the_owner(platform, fleet):
    product, mark, keys = fleet

    def begin(one):
        return jobs.start(one, "/devices/actions", json={
            "action": "tag", "selection": {"filter": {"product": product}}, "tags": ["live"]})

    with jobs.client(platform, "operator") as owner:
        seen = list(heard(owner, lambda: begin(owner)))
        assert seen[-1]["state"] == "done" and seen[-1]["done"] == 450 and seen[-1]["kind"] == "action"
        assert [e["done"] for e in seen] == sorted(e["done"] for e in seen) and len(seen) >= 4
        # An admin hears of it, too; another operator only of his own.
        assert list(heard(platform.api, lambda: begin(owner)))[-1]["state"] == "done"
        with jobs.client(platform, "operator") as other, other.stream("GET", "/api/v1/events", params={"kinds": "job"}) as stream:
            jobs.over(owner, begin(owner))
            mine = begin(other)
            data = next(json.loads(line[6:]) for line in stream.iter_lines() if line.startswith("data: "))
            assert data["id"] == mine["id"]
            jobs.over(other, mine)
