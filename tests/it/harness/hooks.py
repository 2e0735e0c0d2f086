# SPDX-License-Identifier: Apache-2.0
"""Hook bodies as the broker sends them (tests/data/rmqtt holds real ones)."""

import base64
import itertools
import json
import os
import threading
import time

DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "data/rmqtt")

_lock = threading.Lock()
_last_ms = {}
_ports = itertools.count()


def recorded(name):
    """A body that the real broker sent."""
    with open(os.path.join(DATA, name + ".json")) as f:
        return json.load(f)


def now_ms(of=None):
    """The wall clock in milliseconds, never the same twice; for the messages of device `of` a clock of its own, so
    that thousands made at once do not put the times of all others ahead of the server's clock."""
    with _lock:
        now = max(_last_ms.get(None, 0) + 1, _last_ms.get(of, 0) + 1, time.time_ns() // 1_000_000)
        _last_ms[of] = now
        return now


def address():
    """A remote address and port that no connection of the last minutes had."""
    return f"127.0.0.1:{10000 + next(_ports) % 50000}"


def raw(payload):
    """Bytes of a payload given as bytes, text, or something that becomes JSON."""
    if isinstance(payload, bytes):
        return payload
    return (payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)).encode()


def publish(device, rest, content, ts=None, **members):
    """A message_publish of `device` on its topic `rest`; `members` replace members of the hook."""
    body = recorded("message_publish-qos1")
    body.update(
        topic=f"{device.product}/{device.key}/{rest}", payload=base64.b64encode(raw(content)).decode(),
        ts=now_ms(device.key) if ts is None else ts, from_clientid=device.key, from_username=device.product)
    body.update(members)
    return body


def property_post(device, params, ts=None, id="1", ack=0, **members):
    return publish(device, "thing/event/property/post", {"id": id, "params": params, "ack": ack}, ts, **members)


def event_post(device, type, params, ts=None, id="1", ack=0, **members):
    return publish(device, f"thing/event/{type}/post", {"id": id, "params": params, "ack": ack}, ts, **members)


def connected(device, at, ipaddress, **members):
    body = recorded("client_connected-mqtt4")
    body.update(clientid=device.key, username=device.product, connected_at=at, ipaddress=ipaddress)
    body.update(members)
    return body


def disconnected(device, at, ipaddress, reason="Disconnect(V3),RemoteClose", **members):
    body = recorded("client_disconnected")
    body.update(clientid=device.key, username=device.product, disconnected_at=at, ipaddress=ipaddress, reason=reason)
    body.update(members)
    return body


def subscribed(device, rest="thing/service/property/set", **members):
    body = recorded("client_subscribe")
    body.update(clientid=device.key, username=device.product, topic=f"{device.product}/{device.key}/{rest}")
    body.update(members)
    return body
