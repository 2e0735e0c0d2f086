# SPDX-License-Identifier: Apache-2.0
"""thing.http and thing.device: functions that wait, for hosts that the product lists and for other devices."""

import http.server
import json
import threading

import pytest
from harness import hooks, scripts
from harness.wait import wait_until

SCRIPT = """local M = { api = 1 }
function M.on_property(msg) thing.later(msg.params.go, msg.params.args) end
function M.ask(args)
    local answer, why, code = thing.http.request(args.request)
    thing.event("answer", answer and { status = answer.status, body = answer.body, headers = answer.headers }
        or { why = why, code = code })
end
function M.many(args)
    for i = 1, args.n do thing.http.request { url = args.url } end
    thing.event("answer", { done = args.n })
end
function M.mixed(args)
    local before = thing.kv.get("n") or 0
    local answer = thing.http.request { url = args.url }
    thing.kv.set("n", before + 1)
    thing.event("answer", { body = answer and answer.body })
end
function M.look(args)
    local d, why, code = thing.device.get(args.key)
    local v, at, no = thing.device.latest("t", args.key)
    thing.event("answer", { device = d or thing.json.null, why = why, code = code, t = v, at = at, no = no })
end
function M.inside()
    local ok, e = pcall(function() return ("x"):gsub("x", function() return thing.device.get("other").key end) end)
    local all = {}
    for i = 1, 3 do
        all[i] = coroutine.wrap(function() return (thing.device.get("nobody" .. i) == nil) end)()
    end
    thing.event("answer", { ok = ok, e = tostring(e), all = all })
end
return M
"""


class Handler(http.server.BaseHTTPRequestHandler):
    """What the tests ask for, by path."""

    protocol_version = "HTTP/1.1"

    def reply(self, body=b"", status=200, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        server = self.server
        size = int(self.headers.get("content-length", 0))
        body = self.rfile.read(size)
        server.seen.append({"method": self.command, "path": self.path, "headers": dict(self.headers), "body": body.decode()})
        if self.path.startswith("/to/"):
            self.reply(status=302, location=self.path[4:])
        elif self.path == "/huge":
            self.reply(b"x" * 300_000)
        elif self.path == "/twice":
            self.send_response(200)
            self.send_header("X-Two", "a")
            self.send_header("x-two", "b")
            self.send_header("content-length", "0")
            self.end_headers()
        elif self.path == "/gate":
            server.gate.wait(60)
            self.reply(b"late")
        else:
            self.reply(json.dumps({"path": self.path}).encode(), content_type="application/json")

    do_POST = do_PUT = do_HEAD = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def web():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.seen, server.gate = [], threading.Event()
    server.host = f"127.0.0.1:{server.server_port}"
    server.url = f"http://{server.host}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.gate.set()
    server.shutdown()


@pytest.fixture(scope="module")
def stack(module_stack, web):
    return module_stack(nodes=0, settings={"outbound.allow": web.host, "outbox.backoff": "20ms", "outbox.attempts": 2,
                                           "outbox.lease": "20s"})


@pytest.fixture
def device(stack, web):
    device = stack.make_device(stack.make_product(http_hosts=[web.host, "localhost", "169.254.169.254", "10.0.0.1", "*.localhost"]))
    scripts.install(stack, device.product, SCRIPT)
    web.seen.clear()
    web.gate.clear()
    return device


def start(stack, device, go, **args):
    stack.accept(hooks.property_post(device, {"go": go, "args": args}))


def answers(stack, device):
    return [e["params"] for e in stack.events(device) if e["type"] == "answer"]


def answer(stack, device):
    wait_until(lambda: answers(stack, device))
    return answers(stack, device)[-1]


def ask(stack, device, **request):
    before = len(answers(stack, device))
    start(stack, device, "ask", request=request)
    wait_until(lambda: len(answers(stack, device)) > before, message=f"an answer to {request}")
    return answers(stack, device)[-1]


def outbox_error(stack, device):
    def dead():
        return stack.rows("select o.error from outbox o join device d on d.id = o.device_id where d.key = %s"
                          " and o.state = 'dead'", device.key)

    wait_until(dead)
    return dead()[-1]["error"]


def test_a_request_and_its_answer(stack, device, web):
    got = ask(stack, device, url=web.url + "/a?b=c", headers={"X-One": "1", "X-Empty": ""})
    assert got["status"] == 200 and json.loads(got["body"]) == {"path": "/a?b=c"}
    assert got["headers"]["content-type"] == "application/json"
    [seen] = web.seen
    assert (seen["method"], seen["headers"]["X-One"], seen["headers"]["X-Empty"]) == ("GET", "1", "")
    assert seen["headers"]["User-Agent"] == "thingd"
    ask(stack, device, url=web.url + "/p", method="POST", body={"n": 9007199254740993, "s": "\u00e9"})
    assert json.loads(web.seen[-1]["body"]) == {"n": 9007199254740993, "s": "\u00e9"}
    assert web.seen[-1]["headers"]["content-type"] == "application/json"
    ask(stack, device, url=web.url + "/p", method="PUT", body="plain", headers={"Content-Type": "text/x"})
    assert (web.seen[-1]["body"], web.seen[-1]["headers"]["Content-Type"]) == ("plain", "text/x")
    assert ask(stack, device, url=web.url + "/h", method="HEAD")["status"] == 200
    assert ask(stack, device, url=web.url + "/twice")["headers"]["x-two"] == "a, b"


@pytest.mark.parametrize("url, code", [
    ("http://example.invalid/", "forbidden"),                    # not in the product's list
    ("http://169.254.169.254/latest/meta-data/", "forbidden"),   # listed by the product, not by the operator
    ("http://10.0.0.1/", "forbidden"),
    ("http://localhost/", "forbidden"),                          # a name that resolves to loopback
    ("http://a.localhost/", "forbidden"),
    ("http://localhost@example.invalid/", "forbidden"),
    ("http://0x7f000001/", "forbidden"),
])
def test_where_a_request_may_not_go(stack, device, web, url, code):
    got = ask(stack, device, url=url, timeout=5)
    assert got["code"] == code and "status" not in got and web.seen == []


def test_own_ports_are_not_reached_through_the_operators_list(stack, device, web):
    """Only the listed port of the address is permitted, whatever the product lists."""
    other = stack.stack.http.split(":")[-1]
    product = f"/api/v1/products/{device.product}"
    tag = stack.api.get(product).headers["etag"]
    assert stack.api.patch(product, json={"settings": {"http_hosts": [f"127.0.0.1:{other}"]}},
                           headers={"if-match": tag}).is_success
    assert ask(stack, device, url=f"http://127.0.0.1:{other}/healthz")["code"] == "forbidden"
    # And what it listed before is no longer allowed.
    assert "list" in ask(stack, device, url=web.url + "/a")["why"]


@pytest.mark.parametrize("to", ["http://10.0.0.1/", "http://localhost/", "http://example.invalid/", "file:///etc/passwd"])
def test_a_redirect_is_held_against_the_same_lists(stack, device, web, to):
    assert ask(stack, device, url=web.url + "/to/" + to)["code"] == "forbidden"
    assert [seen["path"] for seen in web.seen] == ["/to/" + to]


def test_a_redirect_to_a_listed_host_is_followed(stack, device, web):
    assert ask(stack, device, url=f"{web.url}/to/{web.url}/end")["status"] == 200
    assert web.seen[-1]["path"] == "/end"
    assert ask(stack, device, url=web.url + f"/to/{web.url}" * 3 + "/end")["status"] == 200
    assert ask(stack, device, url=web.url + f"/to/{web.url}" * 4 + "/end")["status"] == 302


@pytest.mark.parametrize("request_", [
    {"url": "ftp://localhost/"}, {"url": "file:///etc/passwd"}, {"url": ""}, {"url": "http://localhost/\r\nX: y"},
    {"url": "http://localhost/" + "x" * 3000}, {"url": "http://localhost/", "method": "CONNECT"},
    {"url": "http://localhost/", "method": "GET / HTTP/1.1\r\nX: y"}, {"url": "http://localhost/", "timeout": 31},
    {"url": "http://localhost/", "timeout": 0}, {"url": "http://localhost/", "headers": {"X": "a\r\nY: b"}},
    {"url": "http://localhost/", "headers": {"X\r\nY": "b"}}, {"url": "http://localhost/", "headers": {"Host": "evil"}},
    {"url": "http://localhost/", "headers": {"Content-Length": "1"}}, {"url": "http://localhost/", "headers": {"": "1"}},
    {"url": "http://localhost/", "headers": {f"X-{i}": "1" for i in range(40)}},
    {"url": "http://localhost/", "headers": {"X": "y" * 9000}},
    {"url": "http://localhost/", "method": "POST", "body": 5},
])
def test_a_request_that_makes_no_sense_is_an_error(stack, device, web, request_):
    start(stack, device, "ask", request=request_)
    outbox_error(stack, device)
    assert web.seen == [] and answers(stack, device) == []


def test_answers_too_large_and_servers_too_slow(stack, device, web):
    assert ask(stack, device, url=web.url + "/huge")["code"] == "too_large"
    assert ask(stack, device, url=web.url + "/gate", timeout=0.2)["code"] == "timeout"


def test_a_call_has_ten_requests(stack, device, web):
    start(stack, device, "many", n=10, url=web.url)
    assert answer(stack, device) == {"done": 10} and len(web.seen) == 10
    start(stack, device, "many", n=1000, url=web.url)
    assert "more than 10 requests" in outbox_error(stack, device)
    assert len(web.seen) == 10 + 2 * 10


def test_waiting_holds_up_neither_the_device_nor_its_worker(stack, device, web):
    start(stack, device, "mixed", url=web.url + "/gate")
    wait_until(lambda: web.seen)
    scripts.install(stack, device.product, SCRIPT + "\n-- another version")  # it ends in the one it began in
    for i in range(20):  # each is answered while the gate is shut
        stack.accept(hooks.event_post(device, "meanwhile", {"i": i}))
    assert answers(stack, device) == []
    web.gate.set()
    assert answer(stack, device) == {"body": "late"}
    versions = stack.rows("select h.script_version v from event_history h join device d on d.id = h.device_id"
                          " where d.key = %s and type = 'answer'", device.key)
    assert [row["v"] for row in versions] == [1]


def test_a_stop_puts_back_what_waits_and_the_start_does_it(stack, device, web):
    start(stack, device, "mixed", url=web.url + "/gate")
    wait_until(lambda: web.seen)
    stack.stop("thingd")
    [row] = stack.rows("select o.attempts from outbox o join device d on d.id = o.device_id where d.key = %s", device.key)
    assert row["attempts"] == 0
    web.gate.set()
    stack.start("thingd")
    assert answer(stack, device) == {"body": "late"}
    assert len(answers(stack, device)) == 1


def test_a_product_that_is_deleted_while_its_function_waits(stack, device, web):
    start(stack, device, "mixed", url=web.url + "/gate")
    wait_until(lambda: web.seen)
    for path in (device.path, f"/api/v1/products/{device.product}"):
        tag = stack.api.get(path).headers["etag"]
        answer_ = stack.api.delete(path, headers={"if-match": tag})
        assert answer_.is_success, answer_.text
    web.gate.set()
    wait_until(lambda: stack.value("select count(*) from outbox o where o.name = 'mixed'") == 0)
    other = stack.make_device()
    stack.accept(hooks.property_post(other, {"a": 1}))


def test_many_calls_leave_others_their_turn(stack, device, web):
    """A product that waits for slow servers has its share; another's functions run."""
    fleet = [stack.make_device(device.product) for _ in range(60)]
    for one in fleet:
        start(stack, one, "mixed", url=web.url + "/gate")
    wait_until(lambda: len(web.seen) >= 32)
    other = stack.make_device(stack.make_product(http_hosts=[web.host]))
    scripts.install(stack, other.product, SCRIPT)
    assert ask(stack, other, url=web.url + "/quick")["status"] == 200
    assert len([s for s in web.seen if s["path"] == "/gate"]) == 32
    web.gate.set()
    wait_until(lambda: all(len(answers(stack, one)) == 1 for one in fleet))


def test_a_device_reads_itself_and_others_of_its_product(stack, device):
    other = stack.make_device(device.product, name="Other", tags=["x"], attributes={"floor": 3})
    stranger = stack.make_device()
    scripts.install(stack, device.product, SCRIPT.replace("thing.later(msg.params.go, msg.params.args)",
                                                          "if msg.params.go then thing.later(msg.params.go, msg.params.args) end"))
    scripts.wait_version(stack, device, 2, lambda: stack.accept(hooks.property_post(device, {"t": 1})))
    stack.accept(hooks.property_post(other, {"t": 21.5}, ts=1760000000000))
    start(stack, device, "look", key=other.key)
    got = answer(stack, device)
    assert got["device"]["name"] == "Other" and got["device"]["tags"] == ["x"] and got["device"]["attributes"] == {"floor": 3}
    assert got["device"]["key"] == other.key and got["device"]["online"] is False and got["t"] == 21.5
    for key in (stranger.key, "nobody"):
        seen = len(answers(stack, device))
        start(stack, device, "look", key=key)
        wait_until(lambda seen=seen: len(answers(stack, device)) > seen)
        got = answers(stack, device)[-1]
        assert got["device"] is None and got["code"] == "not_found" and got["no"] == "not_found"
    start(stack, device, "look")
    wait_until(lambda: answers(stack, device)[-1]["device"] and answers(stack, device)[-1]["device"]["key"] == device.key)
    assert answers(stack, device)[-1]["t"] == 1


def test_attributes_that_are_changed_are_seen_by_the_next_message(stack, identity):
    scripts.install(stack, identity.product, """return { api = 1, on_property = function(msg)
        local d = thing.device.get()
        local t, at = thing.device.latest("a")
        return { a = msg.params.a, floor = d.attributes.floor, name = d.name, limit = d.parameters.limit, before = t, key = d.key }
    end }""")
    stack.accept(hooks.property_post(identity, {"a": 1}))
    tag = stack.api.get(identity.path).headers["etag"]
    assert stack.api.patch(identity.path, json={"name": "N", "attributes": {"floor": 7}}, headers={"if-match": tag}).is_success

    def seen():
        stack.accept(hooks.property_post(identity, {"a": 2}))
        return stack.history(identity)[-1]["params"].get("floor") == 7

    wait_until(seen)
    last = stack.history(identity)[-1]["params"]
    assert last["name"] == "N" and last["before"] in (1, 2)


def test_waiting_inside_callbacks_and_coroutines(stack, device):
    start(stack, device, "inside")
    got = answer(stack, device)
    assert got["ok"] is False and "may not wait inside" in got["e"] and got["all"] == [True, True, True]


def test_other_phases_may_not_wait(stack, identity):
    scripts.install(stack, identity.product, """return { api = 1, on_property = function(msg)
        local ok, e = pcall(thing.http.request, { url = "http://localhost/" })
        local ok2, e2 = pcall(thing.device.get, "other")
        return { e = tostring(e), e2 = tostring(e2) }
    end }""")
    stack.accept(hooks.property_post(identity, {"a": 1}))
    [row] = stack.history(identity)
    assert "not available in phase property" in row["params"]["e"] and "not available in phase property" in row["params"]["e2"]


@pytest.mark.parametrize("hosts", [["*"], ["*."], ["a..b"], [".a"], ["a:0"], ["a:70000"], ["a:b"], ["http://a"], ["a/b"],
                                   ["a b"], ["-a"], ["*.*.a"], [""], ["user@a"], [5], ["a"] * 2, ["a%d" % i for i in range(101)]])
def test_hosts_that_make_no_sense_are_refused(stack, make_product, hosts):
    product = f"/api/v1/products/{make_product()}"
    tag = stack.api.get(product).headers["etag"]
    said = stack.api.patch(product, json={"settings": {"http_hosts": hosts}}, headers={"if-match": tag})
    assert said.status_code == 422, said.text


def test_only_who_may_change_the_product_changes_its_hosts(stack, make_product):
    product = make_product()
    token = stack.call("POST", "/api/v1/tokens", {"name": "t", "role": "operator"}, 201)["token"]
    tag = stack.api.get(f"/api/v1/products/{product}").headers["etag"]
    said = stack.api.patch(f"/api/v1/products/{product}", json={"settings": {"http_hosts": ["a"]}},
                           headers={"if-match": tag, "authorization": f"Bearer {token}"})
    assert said.status_code == 403


def test_a_try_asks_nobody(stack, device, web):
    tried = stack.call("POST", scripts.path(device.product, "try"), {
        "source": SCRIPT, "timer": {"name": "ask", "args": {"request": {"url": web.url}}}})
    assert tried["items"][0]["effects"]["events"][0]["params"]["code"] == "unavailable" and web.seen == []
