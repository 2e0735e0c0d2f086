# SPDX-License-Identifier: Apache-2.0
"""A device on paho-mqtt: connects with the password scheme, publishes, keeps what it is sent."""

import collections
import json
import socket
import threading
import time

import paho.mqtt.client as mqtt

from . import password as scheme
from .wait import PATIENCE


class Refused(Exception):
    """The broker did not let the device in, or closed the line before it had answered."""


class Device:
    """`identity` has product, key and secret; `broker` is the address as tests/stack says it (mqtt://host:port)."""

    def __init__(self, broker, identity, protocol=mqtt.MQTTv311, username=None, password=None):
        self.product, self.key, self.secret = identity.product, identity.key, identity.secret
        self._host, port = broker.removeprefix("mqtt://").rsplit(":", 1)
        self._port = int(port)
        self._changed = threading.Condition()
        self._inbox = collections.defaultdict(list)
        self._answer = None
        self.connected = False
        clean = {} if protocol == mqtt.MQTTv5 else {"clean_session": True}
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=self.key, protocol=protocol,
                                  reconnect_on_failure=False, **clean)
        self.client.username_pw_set(username or self.product, password)
        self._fixed_password = password is not None
        self.client.on_connect = self._on_connect
        self.client.on_disconnect = self._on_disconnect
        self.client.on_message = self._on_message

    def _on_connect(self, _client, _userdata, _flags, reason, _properties):
        with self._changed:
            self._answer = reason
            self.connected = not reason.is_failure
            self._changed.notify_all()

    def _on_disconnect(self, _client, _userdata, _flags, reason, _properties):
        with self._changed:
            self._answer = self._answer or reason
            self.connected = False
            self._changed.notify_all()

    def _on_message(self, _client, _userdata, message):
        with self._changed:
            self._inbox[message.topic].append(message.payload)
            self._changed.notify_all()

    def _wait(self, condition, timeout, what):
        with self._changed:
            if not self._changed.wait_for(condition, timeout):
                raise AssertionError(f"{self.key} waited {timeout} s for {what}; inbox: {dict(self._inbox)}")

    def topic(self, rest):
        return f"{self.product}/{self.key}/{rest}"

    def connect(self, wait=True):
        if not self._fixed_password:
            self.client.username_pw_set(self.product, scheme.password(self.key, self.secret))
        self._answer = None
        self.client.connect(self._host, self._port, keepalive=30)
        self.client.loop_start()
        if wait:
            self._wait(lambda: self._answer is not None, PATIENCE, "CONNACK")
            if not self.connected:
                raise Refused(str(self._answer))
        return self

    def publish(self, rest, payload, qos=1, topic=None):
        """Returns when the broker has acknowledged (at QoS 0: when it is written)."""
        data = payload if isinstance(payload, (bytes, str)) else json.dumps(payload)
        self.client.publish(topic or self.topic(rest), data, qos).wait_for_publish(PATIENCE)

    def post(self, params, id="1", ack=0, qos=1):
        self.publish("thing/event/property/post", {"id": id, "params": params, "ack": ack}, qos)

    def subscribe(self, topic):
        """The reason codes of the SUBACK."""
        answers = []

        def on_subscribe(_client, _userdata, _mid, reasons, _properties):
            with self._changed:
                answers.extend(reasons)
                self._changed.notify_all()

        self.client.on_subscribe = on_subscribe
        self.client.subscribe(topic, 1)
        self._wait(lambda: answers, PATIENCE, "SUBACK")
        return answers

    def inbox(self, rest):
        """Payloads that came on the topic so far."""
        with self._changed:
            return list(self._inbox[self.topic(rest)])

    def next(self, rest, timeout=PATIENCE):
        """Takes the oldest message on the topic, decoded; waits for one."""
        box = self._inbox[self.topic(rest)]
        self._wait(lambda: box, timeout, f"a message on {rest}")
        with self._changed:
            return json.loads(box.pop(0))

    def wait_disconnected(self, timeout=PATIENCE):
        self._wait(lambda: not self.connected, timeout, "the end of the connection")

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()

    def cut(self):
        """Ends the line without DISCONNECT: the broker publishes the last will."""
        line = self.client.socket()
        if line is not None:
            line.shutdown(socket.SHUT_RDWR)
        self.client.loop_stop()


def wait_all(devices, condition):
    """Waits until `condition(device)` holds for each."""
    deadline = time.monotonic() + PATIENCE
    for device in devices:
        device._wait(lambda d=device: condition(d), max(0.1, deadline - time.monotonic()), "a condition of all")
