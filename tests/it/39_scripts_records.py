# SPDX-License-Identifier: Apache-2.0
"""How a script did: percentiles per version and function, and what went wrong with samples."""

import base64

import pytest
from harness import hooks, scripts

WORKS = """return { api = 1,
    on_property = function(msg)
        local n = 0
        for i = 1, msg.params.work or 0 do n = n + i % 7 end
        return msg.params
    end,
    on_event = function(msg)
        if msg.type == "odd" then local t = nil; return t.x end
        error("device " .. msg.params.n .. " said \\"" .. tostring(msg.params.text) .. "\\"")
    end,
}"""


@pytest.fixture(scope="module")
def plain(module_stack):
    """One instance with two workers; what a broker would do is not needed."""
    return module_stack(nodes=0)


@pytest.fixture
def product(plain):
    return plain.make_product(script_fallback={"enabled": False})


def runs(stack, product, number=1):
    return {r["function"]: r for r in stack.call("GET", scripts.path(product, number, "runs"))["items"]}


def errors(stack, product, number=1, **query):
    return stack.call("GET", scripts.path(product, number, "errors"), params=query)["items"]


def wait_runs(stack, product, wait_until, count, function="on_property"):
    wait_until(lambda: runs(stack, product).get(function, {}).get("runs", 0) >= count, message="the runs are recorded")
    return runs(stack, product)[function]


def test_percentiles_tell_the_few_slow_calls_from_the_many(plain, product, wait_until):
    devices = [plain.make_device(product) for _ in range(4)]
    scripts.install(plain, product, WORKS)
    for n in range(100):
        plain.accept(hooks.property_post(devices[n % 4], {"work": 200_000 if n % 20 == 0 else 0}))
    said = wait_runs(plain, product, wait_until, 100)
    assert said["runs"] == 100 and said["errors"] == 0
    for kind, most, unit in (("cpu", "cpu_max_us", "_us"), ("wall", "wall_max_us", "_us"), ("memory", "memory_max", "")):
        p50, p95, p99 = (said[f"{kind}_p{q}{unit}"] for q in (50, 95, 99))
        assert 0 < p50 <= p95 <= p99 <= said[most], kind
    assert said["cpu_p99_us"] > 4 * said["cpu_p50_us"], "five of a hundred calls did much more"


def test_histograms_of_workers_and_minutes_add_up(plain, product, wait_until):
    scripts.install(plain, product, WORKS)
    plain.db.execute(
        "insert into script_run (product_id, version, function, minute, runs, errors, cpu_us, cpu_max_us, wall_max_us,"
        " memory_max, cpu_hist, wall_hist, memory_hist) select p.id, 1, 'on_property', date_trunc('minute', now()) - n * interval"
        " '1 minute', 50, 0, 50, 100000, 0, 0, case n when 1 then '{\"0\": 45, \"40\": 5}'::jsonb else '{\"0\": 49, \"60\": 1}' end,"
        " '{}', '{}' from product p, generate_series(1, 2) n where p.key = %s", (product,))
    said = runs(plain, product)["on_property"]
    assert (said["runs"], said["cpu_p50_us"], said["cpu_p95_us"], said["cpu_p99_us"]) == (100, 1, 1279, 1279)
    assert said["wall_p50_us"] in (None, 0), "from before histograms were kept nothing is known"
    added = plain.value("select th_hist_add('{\"1\": 2, \"3\": 4}', '{\"3\": 1, \"127\": 9}')")
    assert added == {"1": 2, "3": 5, "127": 9}


def test_errors_are_told_apart_by_place_and_message_with_samples(plain, product, wait_until):
    one, two = plain.make_device(product), plain.make_device(product)
    scripts.install(plain, product, WORKS)
    for n, device in enumerate((one, one, two)):
        plain.accept(hooks.event_post(device, "loud", {"n": n, "text": "x" * n}))
    plain.accept(hooks.event_post(two, "odd", {"n": 9}))

    def both():
        return sorted(e["count"] for e in errors(plain, product)) == [1, 3]

    wait_until(both, message="both errors with all they met")
    loud, odd = sorted(errors(plain, product), key=lambda e: -e["count"])
    assert (loud["function"], loud["kind"], loud["place"]) == ("on_event", "error", "init.lua:9")
    assert loud["message"] == 'device # said "#"' and odd["place"] == "init.lua:8"
    assert (loud["first"]["device"], loud["first"]["message"]) == (one.key, 'device 0 said ""')
    assert (loud["last"]["device"], loud["last"]["message"]) == (two.key, 'device 2 said "xx"')
    assert '"n": 2' in loud["last"]["payload"] and loud["last"]["encoding"] == "text"
    assert loud["last"]["size"] == len(loud["last"]["payload"]) and loud["last"]["time"] >= loud["first"]["time"]
    assert len(errors(plain, product, limit=1)) == 1
    assert runs(plain, product)["on_event"]["errors"] == 4


def test_first_and_last_are_told_by_time_not_by_who_writes_first(plain, product, wait_until):
    device = plain.make_device(product)
    scripts.install(plain, product, WORKS)
    plain.accept(hooks.event_post(device, "loud", {"n": 1, "text": "later"}))
    wait_until(lambda: errors(plain, product), message="the error of the worker that writes first")
    plain.db.execute("update script_error e set first_at = first_at + interval '1 hour', last_at = last_at + interval '1 hour'"
                     " from product p where p.id = e.product_id and p.key = %s", (product,))
    plain.accept(hooks.event_post(device, "loud", {"n": 2, "text": "sooner"}))
    wait_until(lambda: errors(plain, product)[0]["count"] == 2, message="the error of the other")
    [error] = errors(plain, product)
    assert error["first"]["message"] == 'device 2 said "sooner"' and '"n": 2' in error["first"]["payload"]
    assert error["last"]["message"] == 'device 1 said "later"' and '"n": 1' in error["last"]["payload"]


def test_a_sample_is_cut_at_a_kibibyte(plain, product, wait_until):
    device = plain.make_device(product)
    scripts.install(plain, product, WORKS)
    plain.accept(hooks.event_post(device, "loud", {"n": 1, "text": "é" * 2000}))
    wait_until(lambda: errors(plain, product), message="the error")
    [error] = errors(plain, product)
    sample = error["last"]
    payload = base64.b64decode(sample["payload"]) if sample["encoding"] == "base64" else sample["payload"].encode()
    assert 1020 <= len(payload) <= 1024 and sample["size"] > 4000


def test_errors_that_a_script_makes_up_have_an_end(plain, product, wait_until):
    device = plain.make_device(product)
    letters = "abcdefghijklmnopqrstuvwxyz"
    source = "return { api = 1, on_property = function(msg) error(msg.params.why) end }"
    scripts.install(plain, product, source)
    for a in letters[:12]:
        for b in letters:
            plain.accept(hooks.property_post(device, {"why": f"it is {a}{b}\xff"}))
    said = wait_runs(plain, product, wait_until, 12 * 26)
    assert said["errors"] == 12 * 26
    assert 0 < len(errors(plain, product, limit=200)) <= 200
    assert plain.value("select count(*) from script_error e join product p on p.id = e.product_id where p.key = %s", product) <= 210


def test_what_was_recorded_is_for_those_who_may_read_scripts(plain, product):
    scripts.create(plain, product, WORKS)
    token = plain.call("POST", "/api/v1/tokens", {"name": "v", "role": "viewer"}, 201)["token"]
    for what in ("runs", "errors"):
        answer = plain.api.get(scripts.path(product, 1, what), headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 403
        assert plain.api.get(scripts.path(product, 2, what)).status_code == 404
