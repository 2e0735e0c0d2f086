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
    assert stack.call("GET", scripts.path(product, 1)) == dict(made, source=source, modules={})
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


def test_a_check_says_what_is_probably_wrong(stack, product):
    source = """local M = { api = 1 }
local spare = 1
function M.on_property(msg)
    return thing.json.decod(msg.params.text)
end
function M.on_command(commands)
    thing.store({ a = 1 })
    return "x", commands
end
return M"""
    checked = stack.call("POST", scripts.path(product, "check"), {"source": source})
    assert checked["ok"]
    assert [(w["line"], w["column"], w["code"]) for w in checked["warnings"]] == [
        (2, 7, "unused"), (4, 23, "unknown_function"), (7, 5, "phase")]
    assert all(w["file"] == "init.lua" for w in checked["warnings"])
    assert "did you mean thing.json.decode?" in checked["warnings"][1]["message"]
    assert stack.call("POST", scripts.path(product, "check"), {"source": scripts.adds("n", 1)})["warnings"] == []
    broken = stack.call("POST", scripts.path(product, "check"), {"source": "return { api = 1,\n  x = = }"})
    assert (broken["error"]["line"], broken["error"]["column"]) == (2, 7)
    assert [(w["line"], w["column"], w["code"]) for w in broken["warnings"]] == [(2, 7, "syntax")]


@pytest.mark.parametrize("piece", ["(", "{", "a..", "f()", "{},", "a=1,", "thing.stor() ", "local a ", ";", "- "])
def test_a_check_of_a_mebibyte_of_nonsense_ends(stack, product, piece):
    source = "x = " + piece * (1000000 // len(piece))
    checked = stack.call("POST", scripts.path(product, "check"), {"source": source})
    assert not checked["ok"] and len(checked["warnings"]) <= 200
    assert stack.call("GET", scripts.path(product))["items"] == []


def test_the_reference_is_what_scripts_find(stack):
    answer = stack.api.get("/api/v1/scripts/reference")
    assert answer.status_code == 200
    reference = answer.json()
    functions = {f["name"]: f for f in reference["functions"]}
    assert functions["thing.store"]["phases"] and "params" in functions["thing.store"]["signature"]
    assert functions["thing.json.encode"]["example"]["gives"] and "phases" not in functions["thing.json.encode"]
    assert {"on_property", "on_event", "on_reply", "on_command"} <= {h["name"] for h in reference["handlers"]}
    assert "params" in {f["name"] for t in reference["types"] if t["name"] == "thing.Report" for f in t["fields"]}
    again = stack.api.get("/api/v1/scripts/reference", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304 and again.headers["etag"] == answer.headers["etag"]


def test_a_test_that_expects_nothing_does_not_pass_when_the_script_fails(stack, product):
    source = """return { api = 1, on_property = function(msg)
        if msg.params.bad then error("bad luck") end
        return false, "not today"
    end, tests = {
        { name = "fails", input = { payload = { id = "1", params = { bad = true } } }, expect = { store = {} } },
        { name = "rejects", input = { payload = { id = "1", params = {} } }, expect = { store = {} } },
        { name = "says so", input = { payload = { id = "1", params = {} } }, expect = { dead = { reason = "rejected" } } },
    } }"""
    tests = stack.call("POST", scripts.path(product, "check"), {"source": source})["tests"]
    assert [test["passed"] for test in tests] == [False, False, True]
    assert "not accepted" in tests[0]["message"] and "bad luck" in tests[0]["effects"]["dead"]["detail"]


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


def test_a_try_shows_what_the_script_printed(stack, product):
    source = "print('loaded')\nreturn { api = 1, on_property = function(msg)\n thing.log.debug('got', msg.params.n) end }"
    [item] = stack.call("POST", scripts.path(product, "try"), {"source": source, "payload": {"id": "1", "params": {"n": 7}}})["items"]
    assert [(line["level"], line["line"], line["text"]) for line in item["log"]] == [("info", 1, "loaded"), ("debug", 3, "got 7")]
    loud = "for i = 1, 1000 do print(('x'):rep(100)) end return { api = 1, on_property = function() for i = 1, 200 do print(('y'):rep(100)) end end }"
    item = stack.call("POST", scripts.path(product, "try"), {"source": loud, "payload": {"id": "1", "params": {}}})["items"][0]
    assert 100 < len(item["log"]) < 1000
    broken = stack.call("POST", scripts.path(product, "check"), {"source": "print('so far') error('no further')"})
    assert not broken["loaded"] and [line["text"] for line in broken["log"]] == ["so far"]
    assert stack.call("GET", scripts.path(product, "log"))["items"] == [], "a try is nobody's traffic"


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


def test_a_try_says_when_the_broker_had_the_message(stack, identity):
    def stored(**body):
        [item] = stack.call("POST", scripts.path(identity.product, "try"), {"source": scripts.adds("one", 1), **body})["items"]
        return item["effects"]["store"][0]["time"] if item["ok"] else item["effects"]["dead"]["detail"]

    payload, year, minute = {"id": "1", "params": {}}, 31_536_000_000, 60_000
    then = 1_768_388_400_000
    assert stored(input={"payload": payload, "received": then}) == then
    assert stored(input={"payload": {**payload, "time": then - minute}, "received": then}) == then - minute
    assert stored(input={"payload": {**payload, "time": then - year}, "received": then}) == then
    for wrong in (0, -1, 1.5, "1", None):
        assert stored(input={"payload": payload, "received": wrong}) == "not an input"
    # What was stored long ago keeps its time, which would be too far behind for a device to say now.
    stack.rows("insert into property_history select id, to_timestamp(%s), gen_random_uuid(), now(), 0, 0, '{}' from device"
               " where key = %s returning device_id", then / 1000, identity.key)
    assert stored(last=1, device=identity.key) == then


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

    wait_until(lambda: runs().get("on_property", {}).get("runs") == 10, message="the runs are recorded")
    record = runs()["on_property"]
    assert record["errors"] == 1 and "bad luck" in record["last_error"] and ":2:" in record["last_error"]
    assert 0 < record["cpu_avg_us"] <= record["cpu_max_us"] <= record["cpu_us"] and record["memory_max"] > 0
    [state] = [i for i in stack.call("GET", "/api/v1/scripts", params={"limit": 1000})["items"]
               if i["product"] == identity.product]
    assert (state["runs"], state["errors"]) == (10, 1)
