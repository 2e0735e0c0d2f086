# SPDX-License-Identifier: Apache-2.0
"""The life of a script through the API: checked, kept, tried, put in force, watched, undone."""

import hashlib

import psycopg
import pytest
from harness import hooks, scripts

FAILS_ITS_TEST = """return { api = 1,
    on_property = function(msg) return msg.params end,
    tests = { { name = "wants more", input = { payload = { id = "1", params = { a = 1 } } },
        expect = { store = { { params = { a = 2 } } } } } },
}"""


@pytest.fixture
def product(make_product):
    return make_product()


def problem(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    return answer.json()


def test_versions_are_numbered_kept_and_listed(stack, product):
    source = scripts.adds("one", 1)
    made = stack.call("POST", scripts.path(product), {"source": source, "note": "first"}, 201)
    assert (made["number"], made["note"], made["active"]) == (1, "first", False)
    assert made["sha256"] == hashlib.sha256(source.encode()).hexdigest() and made["size"] == len(source)
    assert "source" not in made and made["created_by"]
    assert scripts.create(stack, product, scripts.adds("two", 2)) == 2
    listed = stack.call("GET", scripts.path(product))["items"]
    assert [item["number"] for item in listed] == [2, 1] and listed[1] == made
    assert stack.call("GET", scripts.path(product, 1)) == dict(made, source=source)
    page = stack.call("GET", scripts.path(product), params={"limit": 1})
    assert [i["number"] for i in stack.call("GET", scripts.path(product), params={
        "limit": 1, "cursor": page["next_cursor"]})["items"]] == [1]


def test_a_source_that_does_not_parse_is_refused_with_its_place(stack, product):
    source = "return {\n    api = 1,\n    on_property = function(msg) return msg.params then end,\n}"
    said = problem(stack.api.post(scripts.path(product), json={"source": source}), 422, "script_invalid")
    [error] = said["errors"]
    assert error["line"] == 3 and error["column"] > 1 and "then" in error["message"]
    assert said["detail"].startswith("init.lua:3:")
    assert stack.call("GET", scripts.path(product))["items"] == []


def test_a_source_that_fails_while_it_loads_is_refused_with_its_line(stack, product):
    said = problem(stack.api.post(scripts.path(product), json={"source": "local t\nreturn { x = t.y }"}),
                   422, "script_invalid")
    assert said["errors"][0]["line"] == 2 and "nil" in said["errors"][0]["message"]


@pytest.mark.parametrize("source", ["while true do end", "return 1", "return { api = 99 }", "\x1bLua",
                                    "return { api = 1, on_property = 1 }",
                                    "return { api = 1, on_propery = print }", "local s = 'x' while true do s = s .. s end"])
def test_a_source_that_is_no_product_is_refused(stack, product, source):
    problem(stack.api.post(scripts.path(product), json={"source": source}), 422, "script_invalid")


def test_a_source_that_fails_its_own_test_is_refused(stack, product):
    said = problem(stack.api.post(scripts.path(product), json={"source": FAILS_ITS_TEST}), 422, "script_invalid")
    assert [error["test"] for error in said["errors"]] == ["wants more"] and "wants more" in said["detail"]
    checked = stack.call("POST", scripts.path(product, "check"), {"source": FAILS_ITS_TEST})
    assert checked["loaded"] and not checked["ok"]
    assert checked["tests"][0]["effects"]["store"][0]["params"] == {"a": 1}
    assert stack.call("GET", scripts.path(product))["items"] == []


@pytest.mark.parametrize("tests", ["5", "'x'", "{ 1 }", "{ a = {} }", "{ { name = 'n' } }", "{ { name = 1, input = 2 } }",
                                   "{ { name = 'n', input = { topic = 5, payload = {} }, expect = {} } }",
                                   "{ { name = 'n', input = { payload = 'x' }, expect = { store = { 1 } } } }"])
def test_tests_that_are_none_are_refused(stack, product, tests):
    source = f"return {{ api = 1, tests = {tests} }}"
    problem(stack.api.post(scripts.path(product), json={"source": source}), 422, "script_invalid")
    scripts.create(stack, product, "return { api = 1, tests = {} }")


def test_a_thousand_slow_tests_end_in_time(stack, product):
    source = """local tests = {}
for i = 1, 1000 do tests[i] = { name = "t" .. i, input = { payload = { id = "1", params = {} } }, expect = { store = { {} } } } end
return { api = 1, tests = tests, on_property = function() while true do end end }"""
    checked = stack.call("POST", scripts.path(product, "check"), {"source": source})
    assert not checked["ok"] and len(checked["tests"]) == 1000 and checked["cpu_us"] < 2_500_000
    assert "not run" in checked["tests"][-1]["effects"]["dead"]["detail"]


@pytest.mark.parametrize("change", ["update script_version set source = 'return {}'", "update script_version set note = 'x'"])
def test_a_version_never_changes(stack, product, change):
    scripts.create(stack, product, scripts.adds("one", 1))
    with pytest.raises(psycopg.errors.RaiseException):
        stack.db.execute(change)
    assert stack.api.patch(scripts.path(product, 1), json={"note": "x"}).status_code == 405
    assert stack.api.delete(scripts.path(product, 1)).status_code == 405


def test_what_is_not_there_is_not_found(stack, product):
    for method, rest in (("GET", (1,)), ("GET", ("x",)), ("GET", (99999999999,)), ("GET", (1, "runs")),
                         ("POST", (1, "activate")), ("GET", (0,))):
        problem(stack.api.request(method, scripts.path(product, *rest)), 404, "not_found")
    problem(stack.api.post(scripts.path(product, "rollback")), 409, "conflict")
    problem(stack.api.post(scripts.path(product, "try"), json={}), 409, "conflict")


def test_a_try_shows_effects_and_stores_nothing(stack, identity):
    body = {"source": scripts.adds("one", 1), "device": identity.key,
            "payload": {"id": "7", "params": {"n": 1}, "ack": 1}}
    tried = stack.call("POST", scripts.path(identity.product, "try"), body)
    [item] = tried["items"]
    assert tried["ok"] and item["ok"] and item["tests"][0]["passed"] and item["device"] == identity.key
    assert item["effects"]["store"][0]["params"] == {"n": 1, "one": 1}
    assert item["effects"]["reply"]["code"] == 200 and item["cpu_us"] >= 0 and item["memory"] > 0
    stack.settle(identity)
    assert stack.history(identity) == [] and stack.dead_letters(identity) == []
    assert stack.call("GET", scripts.path(identity.product))["items"] == []


def test_a_try_of_a_text_payload_an_event_and_a_failing_script(stack, product):
    def tried(**body):
        return stack.call("POST", scripts.path(product, "try"), body)["items"][0]

    assert tried(source=scripts.adds("one", 1), payload="no json")["effects"]["dead"]["reason"] == "bad_payload"
    event = tried(source=scripts.adds("one", 1), topic="thing/event/door/post", payload='{"id":"1","params":{"o":1}}')
    assert event["effects"]["events"][0]["type"] == "door"
    failing = tried(source="return { api = 1,\n on_property = function() error('no') end }",
                    payload={"id": "1", "params": {}})
    assert not failing["ok"] and failing["effects"]["dead"]["reason"] == "script_error"
    assert ":2:" in failing["effects"]["dead"]["detail"]
    broken = stack.call("POST", scripts.path(product, "try"), {"source": "return {", "payload": {}})
    assert not broken["ok"] and broken["items"][0]["error"]["line"] == 1


def test_a_try_of_a_dead_letter_and_of_the_last_messages(stack, identity):
    scripts.install(stack, identity.product, scripts.adds("one", 1))
    stack.accept(hooks.property_post(identity, {"n": 1}), hooks.property_post(identity, {"n": 2}),
                 hooks.publish(identity, "thing/event/property/post", b"{ no json"))
    letter = stack.dead_letters(identity)[0]["id"]
    path = scripts.path(identity.product, "try")
    [one] = stack.call("POST", path, {"letter": letter})["items"]
    assert (one["device"], one["effects"]["dead"]["reason"]) == (identity.key, "bad_payload")
    items = stack.call("POST", path, {"last": 2, "source": scripts.adds("two", 2)})["items"]
    assert [item["effects"]["store"][0]["params"] for item in items] == [{"n": 2, "one": 1, "two": 2},
                                                                         {"n": 1, "one": 1, "two": 2}]
    other = stack.make_product()
    problem(stack.api.post(scripts.path(other, "try"), json={"letter": letter, "source": "return { api = 1 }"}),
            409, "unknown_reference")
    assert len(stack.history(identity)) == 2


def test_activation_rollback_and_deactivation_are_steps_that_are_kept(stack, product):
    def active():
        return stack.value("select script_version from product where key = %s", product)

    for n in (1, 2, 3):
        scripts.create(stack, product, scripts.adds("n", n))
    assert scripts.activate(stack, product, 1)["version"] == 1
    scripts.activate(stack, product, 3)
    scripts.activate(stack, product, 3)
    assert stack.call("POST", scripts.path(product, "deactivate"))["version"] is None and active() is None
    assert stack.call("POST", scripts.path(product, "rollback"))["version"] == 3 and active() == 3
    assert stack.call("POST", scripts.path(product, "rollback"))["version"] == 1
    assert stack.call("POST", scripts.path(product, "rollback"))["version"] is None
    problem(stack.api.post(scripts.path(product, "rollback")), 409, "conflict")
    scripts.activate(stack, product, 2)
    state = stack.call("GET", "/api/v1/scripts", params={"active": True, "limit": 1000})["items"]
    [mine] = [item for item in state if item["product"] == product]
    assert (mine["version"], mine["newest"]) == (2, 3) and mine["activated_at"]
    active_ones = [i["number"] for i in stack.call("GET", scripts.path(product))["items"] if i["active"]]
    assert active_ones == [2]


def test_the_audit_tells_who_and_which_and_never_the_source(stack, product):
    mark = "never_in_the_audit"
    scripts.install(stack, product, f"-- {mark}\n" + scripts.adds("one", 1))
    stack.call("POST", scripts.path(product, "rollback"))
    rows = stack.rows("select action, before::text, after from audit where product_key = %s and action like 'scripts:%%'"
                      " order by id", product)
    assert [row["action"] for row in rows] == ["scripts:create", "scripts:activate", "scripts:activate"]
    assert rows[0]["after"]["sha256"] and rows[1]["after"] == {"version": 1} and rows[2]["after"] == {"version": None}
    assert mark not in str(rows)


def test_runs_tell_what_each_function_used_and_how_it_failed(stack, identity, wait_until):
    source = """return { api = 1, on_property = function(msg)
        if msg.params.bad then error("bad luck") end
        return msg.params
    end }"""
    number = scripts.install(stack, identity.product, source)
    stack.accept(*[hooks.property_post(identity, {"n": n}) for n in range(9)], hooks.property_post(identity, {"bad": 1}))

    def runs():
        return {r["function"]: r for r in stack.call("GET", scripts.path(identity.product, number, "runs"))["items"]}

    wait_until(lambda: runs().get("on_property", {}).get("runs") == 10, 15, message="the runs are recorded")
    record = runs()["on_property"]
    assert record["errors"] == 1 and "bad luck" in record["last_error"] and ":2:" in record["last_error"]
    assert 0 < record["cpu_avg_us"] <= record["cpu_max_us"] <= record["cpu_us"] and record["memory_max"] > 0
    [state] = [i for i in stack.call("GET", "/api/v1/scripts", params={"limit": 1000})["items"]
               if i["product"] == identity.product]
    assert (state["runs"], state["errors"]) == (10, 1)
