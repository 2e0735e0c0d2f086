# SPDX-License-Identifier: Apache-2.0
"""Clients that others wrote, as devices: mosquitto's command line, mqtt.js, paho in MQTT 5."""

import json
import os
import queue
import subprocess
import threading

import paho.mqtt.client as mqtt
import pytest
from harness.device import Refused
from harness.node import programs
from harness.wait import PATIENCE
from parts import thingd

POST = "thing/event/property/post"
SET = "thing/service/property/set"


def address(stack):
    host, port = stack.mqtt.removeprefix("mqtt://").rsplit(":", 1)
    return ["-h", host, "-p", port]


def credentials(identity):
    return ["-i", identity.key, "-u", identity.product, "-P", identity.password()]


def run(*argv, **options):
    return subprocess.run(argv, capture_output=True, text=True, timeout=PATIENCE, check=False, **options)


@pytest.mark.parametrize("version", ["mqttv31", "mqttv311", "mqttv5"])
@pytest.mark.parametrize("qos", ["0", "1", "2"])
def test_mosquitto_pub_reports(stack, identity, wait_until, version, qos):
    done = run("mosquitto_pub", *address(stack), *credentials(identity), "-V", version, "-q", qos,
               "-t", f"{identity.product}/{identity.key}/{POST}", "-m", '{"id":"1","params":{"via":"mosquitto"}}')
    assert done.returncode == 0, done.stderr
    wait_until(lambda: stack.history(identity), message="the report")
    assert stack.history(identity)[0]["params"] == {"via": "mosquitto"}


def test_mosquitto_pub_sends_a_file_line_by_line(stack, identity, wait_until):
    lines = "".join(json.dumps({"id": str(n), "params": {"n": n}}) + "\n" for n in range(50))
    done = run("mosquitto_pub", *address(stack), *credentials(identity), "-q", "1", "-l",
               "-t", f"{identity.product}/{identity.key}/{POST}", input=lines)
    assert done.returncode == 0, done.stderr
    wait_until(lambda: len(stack.history(identity)) == 50, message="50 reports")
    assert sorted(row["params"]["n"] for row in stack.history(identity)) == list(range(50))


def test_mosquitto_pub_with_a_wrong_password_is_refused(stack, identity):
    done = run("mosquitto_pub", *address(stack), "-i", identity.key, "-u", identity.product, "-P", "wrong",
               "-t", "x", "-m", "x")
    assert done.returncode in (4, 5) and "refused" in done.stderr


def test_mosquitto_sub_waits_for_a_command_and_gets_it(stack, identity, wait_until):
    topic = f"{identity.product}/{identity.key}/{SET}"
    made = stack.call("POST", identity.path + "/commands", {"params": {"fan": 1}}, 201)
    done = run("mosquitto_sub", *address(stack), *credentials(identity), "-q", "1", "-t", topic, "-C", "1", "-W", "15")
    assert done.returncode == 0, done.stderr
    got = json.loads(done.stdout)
    assert got["params"] == {"fan": 1}
    reply = json.dumps({"id": got["id"], "code": 200, "data": None})
    assert run("mosquitto_pub", *address(stack), *credentials(identity), "-q", "1", "-t", topic + "_reply",
               "-m", reply).returncode == 0
    wait_until(lambda: [c["state"] for c in stack.call("GET", identity.path + "/commands")["items"]
                        if c["id"] == made["id"]] == ["succeeded"], message="the result")


def test_mosquitto_sub_cannot_listen_to_another_device(stack, identity):
    done = run("mosquitto_sub", *address(stack), *credentials(identity), "-t", "+/+/#", "-W", "10")
    assert done.stdout == "" and "denied" in done.stderr


@pytest.fixture(scope="session")
def mqtt_js():
    """The folder with mqtt.js."""
    return programs()


class NodeDevice:
    def __init__(self, folder, stack, identity, version):
        about = {"url": stack.mqtt, "product": identity.product, "device": identity.key, "key": identity.secret,
                 "version": version}
        self._process = subprocess.Popen(["node", "device.js"], cwd=folder, stdin=subprocess.PIPE, text=True,
                                         stdout=subprocess.PIPE, env=dict(os.environ, DEVICE=json.dumps(about)))
        self._said = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            self._said.put(json.loads(line))

    def expect(self, member):
        """The value of the next line that has this member."""
        while True:
            said = self._said.get(timeout=15)
            if member in said:
                return said[member]

    def order(self, **what):
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def end(self):
        self.order(end=True)
        assert self._process.wait(10) == 0
        self._reader.join(5)
        self._process.stdin.close()
        self._process.stdout.close()


@pytest.mark.parametrize("version", [4, 5])
def test_mqtt_js_reports_is_answered_and_obeys_a_command(stack, identity, mqtt_js, wait_until, version):
    device = NodeDevice(mqtt_js, stack, identity, version)
    device.expect("connected")
    stack.wait_subscribed(identity, POST + "_reply")
    device.order(publish={"rest": POST, "payload": {"id": "7", "params": {"fan": 0}, "ack": 1}, "qos": 1})
    message = device.expect("message")
    assert message["rest"] == POST + "_reply"
    assert (message["payload"]["id"], message["payload"]["code"]) == ("7", 200)

    stack.call("PATCH", identity.path + "/shadow", {"desired": {"fan": 3}})
    message = device.expect("message")
    assert (message["rest"], message["payload"]["params"]) == (SET, {"fan": 3})

    def settled():
        shadow = stack.call("GET", identity.path + "/shadow")
        [command] = stack.call("GET", identity.path + "/commands")["items"]
        return shadow["delta"] == {} and shadow["reported"] == {"fan": 3} and command["state"] == "succeeded"

    wait_until(settled, message="command and shadow to settle")
    device.end()
    wait_until(lambda: not stack.state(identity)["online"], message="offline")


def test_mqtt_js_with_a_wrong_key_is_refused(stack, identity, mqtt_js):
    device = NodeDevice(mqtt_js, stack, type(identity)(identity.product, identity.key, "wrong"), 5)
    assert "Connection refused" in device.expect("error")
    device._process.communicate(timeout=10)


def test_paho_in_mqtt_5_is_told_why_it_is_refused(stack, identity):
    device = stack.device(type(identity)(identity.product, identity.key, "wrong"), protocol=mqtt.MQTTv5)
    with pytest.raises(Refused, match="(?i)bad user name or password|not authorized"):
        device.connect()


def test_the_load_simulators_messages_are_stored_once_each(stack, wait_until):
    product, key = stack.make_fleet()
    for n in range(10):
        stack.call("POST", f"/api/v1/products/{product}/devices", {"key": f"{product}-{n}"}, 201)
    figures = json.loads(stack.program(
        "sim", "load", "--mqtt", stack.mqtt.removeprefix("mqtt://"), "--product", product, "--prefix", f"{product}-",
        "--devices", "10", "--key", key, "--rate", "500", "--seconds", "2", "--json"))
    assert figures["connected"] == 10 and figures["connect_failures"] == figures["reconnects"] == 0
    assert figures["acked"] == figures["sent"] > 500
    rows = ("select count(*) from property_history h join device d on d.id = h.device_id join product p"
            " on p.id = d.product_id where p.key = %s")
    wait_until(lambda: stack.value(rows, product) >= figures["sent"], message="all rows")
    assert stack.value(rows, product) == figures["sent"]


def test_the_load_simulator_says_why_it_cannot_connect(stack, identity):
    for mqtt_address, text in ((stack.mqtt.removeprefix("mqtt://"), "refused"), ("127.0.0.1:1", "no broker answers at")):
        done = run(thingd.program(), "sim", "load", "--mqtt", mqtt_address, "--product", identity.product, "--devices", "1",
                   "--key", "wrong", "--seconds", "1")
        assert done.returncode == 1 and text in done.stderr.lower(), done.stderr


@pytest.fixture
def demo(stack, tmp_path):
    """`thingd sim demo`, running; its state file."""
    state = tmp_path / "state.json"
    argv = [thingd.program(), "sim", "demo", "--api", stack.http, "--token", stack.admin_token,
            "--mqtt", stack.mqtt.removeprefix("mqtt://"), "--state", str(state)]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    yield state
    process.terminate()
    out, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (0, ""), out


def test_the_demos_devices_report_and_obey(stack, demo, wait_until):
    def devices():
        return {row["key"]: row for row in stack.rows(
            "select d.key, s.online, s.reported from device d join device_state s on s.device_id = d.id"
            " join product p on p.id = d.product_id where p.key = 'air-monitor'")}

    wait_until(lambda: len(devices()) == 5 and all(d["online"] and "pm25" in d["reported"] for d in devices().values()),
               message="five devices that report")
    assert demo.stat().st_mode & 0o777 == 0o600
    path = "/api/v1/products/air-monitor/devices/air-1"

    def outcome(body):
        made = stack.call("POST", path + "/commands", body, 201)
        return wait_until(lambda: [c for c in stack.call("GET", path + "/commands")["items"]
                                   if c["id"] == made["id"] and c["state"] in ("succeeded", "failed")],
                          timeout=60, message="the command's end")[0]

    assert outcome({"params": {"fan_speed": 3, "reporting_interval": 1}})["state"] == "succeeded"
    wait_until(lambda: devices()["air-1"]["reported"]["fan_speed"]["v"] == 3, message="the new speed to be reported")
    refused = outcome({"params": {"fan_speed": 9}})
    assert (refused["state"], refused["code"]) == ("failed", 500)
    assert devices()["air-1"]["reported"]["fan_speed"]["v"] == 3
