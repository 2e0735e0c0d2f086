# SPDX-License-Identifier: Apache-2.0
"""What becomes of messages that a script fails on, or that come while scripts are switched off."""

import pytest
from harness import hooks, scripts

PICKY = """return { api = 1,
    on_property = function(msg)
        if msg.params.bad then error("cannot take it") end
        if msg.params.spin then while true do end end
        msg.params.handled = true
        return msg.params
    end,
    on_event = function(msg) error("no events") end,
}"""


@pytest.fixture(scope="module")
def pair(module_stack):
    """Two instances on one database; what a broker would do is not needed."""
    return module_stack(nodes=0, instances=2, settings={"dead_letter.per_minute": 1000})


def product_with(stack, source, **settings):
    product = stack.make_product(**settings)
    scripts.install(stack, product, source)
    return product


def change(stack, product, **settings):
    stack.call("PATCH", f"/api/v1/products/{product}", {"settings": settings})


def switch(stack, on):
    stack.call("PATCH", "/api/v1/settings", {"scripts_enabled": None if on else False})


def post(stack, device, params, instance=0, **members):
    answer = stack.hook(hooks.property_post(device, params, **members), instance)
    assert answer.is_success, answer.text


def last(stack, device):
    """Params and flags of the device's newest row, and the version that made it."""
    rows = stack.rows("select params, flags, script_version v from property_history h join device d on d.id = h.device_id"
                      " where d.key = %s order by ts desc limit 1", device.key)
    return (rows[0]["params"], rows[0]["flags"], rows[0]["v"]) if rows else None


def test_a_failing_message_is_stored_as_it_came_when_the_product_says_so(pair):
    device = pair.make_device(product_with(pair, PICKY, on_script_error="store_raw"))
    errors = pair.counter("script_errors")
    pair.accept(hooks.property_post(device, {"a": 1}), hooks.property_post(device, {"bad": 1.50}),
                hooks.event_post(device, "door", {"open": True}))
    history = pair.call("GET", device.path + "/history")["items"]
    assert [(item["params"], item.get("flags")) for item in history] == [
        ({"bad": 1.5}, ["raw"]), ({"a": 1, "handled": True}, None)]
    [event] = pair.call("GET", device.path + "/events")["items"]
    assert (event["type"], event["params"], event["flags"]) == ("door", {"open": True}, ["raw"])
    assert last(pair, device) == ({"bad": 1.5}, 2, 1), "the version that failed on it is named"
    assert pair.call("GET", device.path + "/latest")["properties"]["bad"]["value"] == 1.5
    assert pair.counter("script_errors") - errors == 2, "the errors are counted all the same"
    assert pair.dead_letters(device) == []


def test_of_a_batch_nothing_that_the_script_made_is_left(pair):
    device = pair.make_device(product_with(pair, PICKY, on_script_error="store_raw"))
    now = hooks.now_ms()
    batch = [{"time": now - 2000, "params": {"n": 1}}, {"time": now - 10**11, "params": {"bad": 2}}]
    pair.accept(hooks.publish(device, "thing/event/property/post", {"id": "1", "params": batch, "ack": 0}, now))
    assert sorted((str(row["params"]), row["flags"]) for row in pair.history(device)) == [
        ("{'bad': 2}", 3), ("{'n': 1}", 2)]


def test_what_has_no_raw_form_is_a_dead_letter(pair):
    source = "return { api = 1, on_reply = function() error('no') end }"
    device = pair.make_device(product_with(pair, source, on_script_error="store_raw"))
    pair.accept(hooks.publish(device, "thing/service/property/set_reply", {"id": "7", "code": 200}))
    [letter] = pair.dead_letters(device)
    assert letter["reason"] == "script_error"


def test_behind_an_open_breaker_messages_are_stored_as_they_came(pair):
    device = pair.make_device(product_with(pair, PICKY, on_script_error="store_raw"))
    for n in range(3):
        post(pair, device, {"spin": n})
    post(pair, device, {"fine": 1})
    assert [(row["params"], row["flags"]) for row in pair.history(device)] == [
        ({"spin": 0}, 2), ({"spin": 1}, 2), ({"spin": 2}, 2), ({"fine": 1}, 2)]


def test_what_was_stored_raw_is_not_stored_again_by_a_repeat(pair):
    device = pair.make_device(product_with(pair, PICKY, on_script_error="store_raw"))
    body = hooks.property_post(device, {"bad": 1})
    pair.accept(body, body)
    assert pair.hook(body, 1).is_success
    assert len(pair.history(device)) == 1


def test_the_switch_stops_all_scripts_on_every_instance_and_nothing_is_lost(pair, wait_until):
    scripted = pair.make_device(product_with(pair, PICKY))
    raw = pair.make_device(product_with(pair, PICKY, on_script_error="store_raw"))
    plain = pair.make_device()
    for device in (scripted, raw, plain):
        post(pair, device, {"n": 0})
    switch(pair, False)
    try:
        for instance in (0, 1):
            def stopped(instance=instance):
                post(pair, raw, {"n": 1}, instance)
                return last(pair, raw)[1:] == (2, 0)

            wait_until(stopped, message=f"scripts off on instance {instance}")
            post(pair, scripted, {"n": 2 + instance}, instance)
            post(pair, plain, {"n": 2 + instance}, instance)
        letters = pair.dead_letters(scripted)
        assert [letter["reason"] for letter in letters] == ["scripts_off"] * 2
        assert [row["params"] for row in pair.history(plain)] == [{"n": 0}, {"n": 2}, {"n": 3}], "no script, nothing to stop"
        [state] = [s for s in pair.call("GET", "/api/v1/scripts?limit=1000")["items"] if s["product"] == scripted.product]
        assert state["enabled"] is False and state["version"] == 1
    finally:
        switch(pair, True)
    for instance in (0, 1):
        def runs(instance=instance):
            post(pair, raw, {"n": 4}, instance)
            return last(pair, raw) == ({"n": 4, "handled": True}, 0, 1)

        wait_until(runs, message=f"scripts on again on instance {instance}")
    done = pair.call("POST", "/api/v1/dead-letters/replay", {"product": scripted.product, "reason": "scripts_off"})
    assert done["stored"] == 2
    assert [row["params"] for row in pair.history(scripted)] == [{"n": n, "handled": True} for n in (0, 2, 3)]
    changes = pair.rows("select actor, after ->> 'scripts_enabled' v from audit where action = 'settings:update' order by id")
    assert [row["v"] for row in changes][-2:] == ["false", None] and changes[-1]["actor"]


def test_the_script_of_one_product_is_stopped_alone(pair, wait_until):
    mine = pair.make_device(product_with(pair, PICKY, on_script_error="store_raw"))
    other = pair.make_device(product_with(pair, PICKY))
    change(pair, mine.product, scripts_enabled=False)

    def stopped():
        post(pair, mine, {"n": 1})
        return last(pair, mine)[1:] == (2, 0)

    wait_until(stopped, message="its script off")
    post(pair, other, {"n": 1})
    assert last(pair, other) == ({"n": 1, "handled": True}, 0, 1)


def test_a_start_while_scripts_are_off_runs_none(fresh_stack):
    stack = fresh_stack(nodes=0)
    device = stack.make_device(product_with(stack, PICKY))
    switch(stack, False)
    stack.stack.kill("thingd")
    stack.stack.start("thingd")
    post(stack, device, {"n": 1})
    assert [letter["reason"] for letter in stack.dead_letters(device)] == ["scripts_off"]
    assert stack.history(device) == []


def test_a_notification_that_never_came_is_made_up_for(pair, wait_until):
    device = pair.make_device(product_with(pair, PICKY, on_script_error="store_raw"))
    post(pair, device, {"n": 1})
    product = pair.value("select id from product where key = %s", device.product)
    pair.db.execute("begin; alter table product disable trigger product_changed; update product set script_version = null"
                    f" where id = {product}; alter table product enable trigger product_changed; commit")

    def noticed():
        post(pair, device, {"n": 1})
        return last(pair, device) == ({"n": 1}, 0, 0)

    wait_until(noticed, message="the change that nobody told")


@pytest.mark.parametrize("settings", [{"on_script_error": "ignore"}, {"scripts_enabled": 1}])
def test_settings_of_the_wrong_form_are_refused(pair, settings):
    product = pair.make_product()
    answer = pair.api.patch(f"/api/v1/products/{product}", json={"settings": settings})
    assert answer.status_code == 422


def test_the_switch_over_all_is_for_admins(pair):
    token = pair.call("POST", "/api/v1/tokens", {"name": "i", "role": "integrator"}, 201)["token"]
    answer = pair.api.patch("/api/v1/settings", json={"scripts_enabled": False}, headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 403


def test_scripts_that_nobody_needs_are_unloaded_and_come_back(fresh_stack, wait_until):
    stack = fresh_stack(nodes=0, settings={"script.idle": "1s"})
    device = stack.make_device(product_with(stack, PICKY))

    def loaded():
        text = stack.api.get("/metrics").text
        [line] = [line for line in text.splitlines() if line.startswith("thingd_scripts_loaded ")]
        return int(line.split()[1])

    for n in range(2):
        post(stack, device, {"n": n})
        assert loaded() == 1 and last(stack, device)[2] == 1
        wait_until(lambda: loaded() == 0, message="its script unloaded")
