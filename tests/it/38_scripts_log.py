# SPDX-License-Identifier: Apache-2.0
"""The live log of a product's script: what it prints, and how it fails, read back and followed, without end or flood."""

import datetime
import queue
import threading

import pytest
from harness import hooks, scripts
from harness.live import Listener
from harness.wait import PATIENCE

TALKS = """print("loaded")
return { api = 1, on_property = function(msg, device)
    thing.log.debug("finely", msg.params)
    thing.log.info("got", msg.params.n)
    thing.log.warn("odd")
    if msg.params.bad then error("cannot take it") end
    return msg.params
end }"""

SHOUTS = "return { api = 1, on_property = function(msg) for i = 1, 1000 do print(i, ('x'):rep(1000)) end return msg.params end }"


@pytest.fixture(scope="module")
def quiet(module_stack):
    """One instance with two workers; what a broker would do is not needed."""
    return module_stack(nodes=0)


@pytest.fixture
def product(quiet):
    return quiet.make_product()


def post(stack, device, **params):
    stack.accept(hooks.property_post(device, params))


def lines(stack, product, **query):
    return stack.call("GET", scripts.path(product, "log"), params=query)["items"]


def texts(stack, product, **query):
    return [line["text"] for line in lines(stack, product, **query)]


def test_what_a_script_prints_is_kept_with_its_place(quiet, product):
    device = quiet.make_device(product)
    number = scripts.install(quiet, product, TALKS)
    post(quiet, device, n=1)
    said = lines(quiet, product)
    assert [(line["level"], line["text"], line["device"]) for line in said] == [
        ("info", "loaded", None), ("info", "got 1", device.key), ("warn", "odd", device.key)]
    assert {line["version"] for line in said} == {number} and {line["product"] for line in said} == {product}
    assert [(line["where"], line["line"]) for line in said] == [("init.lua", 1), ("init.lua", 4), ("init.lua", 5)]
    assert [line["seq"] for line in said] == [1, 2, 3] and all(line["time"].endswith("Z") for line in said)


def test_a_failure_is_a_line_as_well(quiet, product):
    device = quiet.make_device(product)
    scripts.install(quiet, product, TALKS)
    post(quiet, device, n=1, bad=True)
    [line] = lines(quiet, product, level="error")
    assert "cannot take it" in line["text"] and (line["where"], line["line"]) == ("init.lua", 6)


def test_lines_are_chosen_by_level_device_and_number(quiet, product):
    one, two = quiet.make_device(product), quiet.make_device(product)
    scripts.install(quiet, product, TALKS)
    post(quiet, one, n=1)
    post(quiet, two, n=2)
    assert texts(quiet, product, device=two.key) == ["got 2", "odd"]
    assert texts(quiet, product, level="warn") == ["odd", "odd"]
    assert texts(quiet, product, limit=1) == ["odd"] and texts(quiet, product, level="info", device=one.key, limit=2) == ["got 1", "odd"]
    assert texts(quiet, product, device="nobody") == []
    for query in ({"level": "loud"}, {"limit": 0}, {"limit": 1001}, {"device": "a b"}):
        assert quiet.api.get(scripts.path(product, "log"), params=query).status_code == 400


def test_the_level_is_a_setting_and_debug_may_be_on_for_a_while(quiet, product, wait_until):
    device = quiet.make_device(product)
    scripts.install(quiet, product, TALKS)

    def last_call_says(settings, expected):
        quiet.call("PATCH", f"/api/v1/products/{product}", {"settings": settings})

        def it_does():
            before = len(lines(quiet, product))
            post(quiet, device, n=7)
            return [line["text"].split()[0] for line in lines(quiet, product)[before:]] == expected

        wait_until(it_does, message=f"lines {expected}")

    def at(minutes):
        return (datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")

    last_call_says({"script_log_level": "debug"}, ["finely", "got", "odd"])
    last_call_says({"script_log_level": "warn"}, ["odd"])
    last_call_says({"script_debug_until": at(10)}, ["finely", "got", "odd"])
    last_call_says({"script_debug_until": at(-10)}, ["odd"])
    last_call_says({"script_debug_until": None, "script_log_level": None}, ["got", "odd"])


def test_lines_are_followed_on_the_live_stream(quiet, product, wait_until):
    one, two = quiet.make_device(product), quiet.make_device(product)
    neighbour = quiet.make_device()
    for name in (product, neighbour.product):
        scripts.install(quiet, name, TALKS)
    everyone = Listener(quiet.stack.http, quiet.stack.admin_token, product=product, kinds="script_log")
    alone = Listener(quiet.stack.http, quiet.stack.admin_token, device=two.key, kinds="script_log")
    try:
        for listener in (everyone, alone):
            listener.got.get(timeout=PATIENCE)  # from now on it hears
        for device in (neighbour, one, two):
            post(quiet, device, n=1)
        heard = {(line["device"], line["text"]) for line in (everyone.next("script_log") for _ in range(5))
                 if line["device"]}
        assert heard >= {(one.key, "got 1"), (one.key, "odd")} and neighbour.key not in {key for key, _ in heard}
        line = alone.next("script_log")
        assert line == next(kept for kept in lines(quiet, product, device=two.key) if kept["seq"] == line["seq"])
    finally:
        everyone.close()
        alone.close()


def test_the_stream_of_lines_is_for_those_who_may_read_scripts(quiet, product):
    device = quiet.make_device(product)
    scripts.install(quiet, product, TALKS)
    token = quiet.call("POST", "/api/v1/tokens", {"name": "v", "role": "viewer"}, 201)["token"]
    assert Listener(quiet.stack.http, token, kinds="script_log").status == 403
    listener = Listener(quiet.stack.http, token, device=device.key)
    try:
        listener.got.get(timeout=PATIENCE)
        post(quiet, device, n=1)
        assert listener.next()["params"] == {"n": 1}
        with pytest.raises(queue.Empty):
            listener.next("script_log", timeout=0.01)
    finally:
        listener.close()
    answer = quiet.api.get(scripts.path(product, "log"), headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 403


def test_a_flood_is_cut_and_the_neighbour_goes_on(quiet, product, wait_until):
    loud = [quiet.make_device(product) for _ in range(8)]
    neighbour = quiet.make_device()
    scripts.install(quiet, product, SHOUTS)
    scripts.install(quiet, neighbour.product, TALKS)
    post(quiet, loud[0], n=0)
    resident = quiet.resident_kib()

    def shout(device):
        for n in range(150):
            post(quiet, device, n=n)

    threads = [threading.Thread(target=shout, args=(device,)) for device in loud]
    for thread in threads:
        thread.start()
    for n in range(20):
        post(quiet, neighbour, n=n)
    for thread in threads:
        thread.join()
    assert [row["params"]["n"] for row in quiet.history(neighbour)] == list(range(20))
    assert len(quiet.history(loud[0])) >= 150, "who shouts is heard as a device all the same"

    def told():
        return any("lines dropped" in text for text in texts(quiet, product, level="warn"))

    wait_until(told, message="a line that says how many were dropped")
    kept = quiet.api.get(scripts.path(product, "log"), params={"limit": 1000}).text
    assert len(kept) < 300_000, "1200 calls of 200 lines each"
    assert quiet.resident_kib() - resident < 40_000
    assert "got 19" in texts(quiet, neighbour.product, device=neighbour.key)


def test_bytes_that_are_no_text_are_shown_as_such(quiet, product):
    device = quiet.make_device(product)
    scripts.install(quiet, product, r"return { api = 1, on_property = function() print('a\0b\xff\n\"') end }")
    post(quiet, device, n=1)
    assert texts(quiet, product) == ["a\0b\ufffd\n\""]
