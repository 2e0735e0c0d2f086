# SPDX-License-Identifier: Apache-2.0
"""A private stack with a client for each of its doors."""

import dataclasses
import itertools
import json
import secrets
import subprocess

import httpx
import psycopg
from parts import thingd
from psycopg.rows import dict_row

from . import hooks, password
from .acl import matches
from .device import Device
from .wait import PATIENCE, wait_until

_numbers = itertools.count(1)


@dataclasses.dataclass(frozen=True)
class Identity:
    """A device as thingd knows it."""

    product: str
    key: str
    secret: str

    @property
    def path(self):
        return f"/api/v1/products/{self.product}/devices/{self.key}"

    def password(self, **changes):
        return password.password(self.key, self.secret, **changes)


class Platform:
    """Wraps a stack of tests/parts/client.py; its members (dir, http, hook, mqtt, pids ...) are reachable here too."""

    def __init__(self, stack):
        self.stack = stack
        self.api = httpx.Client(base_url=stack.http, headers={"authorization": f"Bearer {stack.admin_token}"},
                                timeout=PATIENCE, trust_env=False)
        self.door = httpx.Client(timeout=PATIENCE, trust_env=False)
        self._db = None
        self._devices = []

    def __getattr__(self, name):
        return getattr(self.stack, name)

    def close(self):
        for device in self._devices:
            device.close()
        self.api.close()
        self.door.close()
        if self._db:
            self._db.close()

    # The database

    @property
    def db(self):
        """Autocommit; rows as dicts. A new connection when PostgreSQL was away."""
        if self._db is None or self._db.closed:
            self._db = psycopg.connect(self.stack.database, autocommit=True, row_factory=dict_row)
        return self._db

    def rows(self, sql, *params):
        return self._execute(sql, params).fetchall()

    def _execute(self, sql, params):
        try:
            return self.db.execute(sql, params)
        except psycopg.OperationalError:
            self._db.close()  # PostgreSQL was away in between
            return self.db.execute(sql, params)

    def value(self, sql, *params):
        row = self._execute(sql, params).fetchone()
        return next(iter(row.values())) if row else None

    def history(self, device):
        """Rows of property history, oldest first: ts and received_at in ms, flags, params."""
        return self.rows(
            "select th_ms(h.ts) ts, th_ms(received_at) received_at, flags, params, digest::text"
            " from property_history h join device d on d.id = h.device_id where d.key = %s order by h.ts, digest",
            device.key)

    def events(self, device):
        return self.rows(
            "select th_ms(h.ts) ts, flags, type, params from event_history h join device d on d.id = h.device_id"
            " where d.key = %s order by h.ts", device.key)

    def state(self, device):
        return self.rows(
            "select s.device_id, s.rev, s.online, s.node, s.address, s.connected_at, s.left_at, s.left_address, s.seen_at,"
            " s.reported, s.desired, s.version, s.kv from device_state s join device d on d.id = s.device_id where d.key = %s",
            device.key)[0]

    def dead_letters(self, device=None, **where):
        where = dict(where, **({"device_key": device.key} if device else {}))
        clause = " and ".join(f"{column} = %s" for column in where) or "true"
        return self.rows(f"select * from dead_letter where {clause} order by ts", *where.values())

    def counter(self, name, instance=0):
        """A counter of one thingd, by the name it has in core/store/metrics.h."""
        text = self.api.get(self.stack.instances[instance]["http"] + "/metrics").text
        [line] = [line for line in text.splitlines() if line.startswith(f"thingd_{name}_total ")]
        return int(line.split()[1])

    def resident_kib(self):
        """Memory of the first thingd."""
        with open(f"/proc/{self.stack.pids['thingd']}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))

    # The broker's doors

    @property
    def hook_url(self):
        return self.stack.hook

    def hook(self, body, instance=0, url=None):
        """Posts a hook; `body` is a dict, or bytes as they are."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.door.post(url or self.stack.instances[instance]["hook"], content=content,
                              headers={"content-type": "application/json"})

    def accept(self, *bodies):
        """Posts hooks that must be taken."""
        for body in bodies:
            answer = self.hook(body)
            assert answer.is_success, (answer.status_code, answer.text)

    def door_url(self, name, token=None):
        base, own = self.stack.hook.rsplit("/hook/", 1)
        return f"{base}/{name}/{token or own}"

    def auth(self, client_id, username, word, **members):
        """What the auth hook answers, decoded. It is 200 whatever it says."""
        body = {"client_id": client_id, "username": username, "password": word, "protocol": "4",
                "ipaddress": "127.0.0.1", **members}
        answer = self.door.post(self.door_url("auth"), json=body)
        assert answer.status_code == 200, (answer.status_code, answer.text)
        return answer.json()

    def acl(self, client_id, username, topic, access):
        """'allow' or 'deny'; access '1' subscribes, '2' publishes."""
        answer = self.door.post(self.door_url("acl"), json={
            "access": access, "username": username, "client_id": client_id, "ip": "127.0.0.1", "topic": topic,
            "protocol": "4"})
        assert answer.status_code == 200, (answer.status_code, answer.text)
        return answer.text

    # Things

    def call(self, method, path, body=None, expect=None, **options):
        """The API's answer, decoded; `expect` is its status (default: any success)."""
        answer = self.api.request(method, path, json=body, **options)
        good = answer.is_success if expect is None else answer.status_code == expect
        assert good, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def make_product(self, key=None, **settings):
        key = key or f"p{next(_numbers)}-{secrets.token_hex(3)}"
        self.call("POST", "/api/v1/products", {"key": key, "name": key, "settings": settings}, 201)
        return key

    def make_fleet(self, **settings):
        """A product whose devices share one key: (product, key)."""
        made = self.call("POST", "/api/v1/products", {
            "key": f"fleet{next(_numbers)}-{secrets.token_hex(3)}", "settings": {"auth": "product_key", **settings}}, 201)
        return made["key"], made["product_key"]

    def make_device(self, product=None, key=None, **members):
        product = product or self.make_product()
        key = key or f"d{next(_numbers)}-{secrets.token_hex(3)}"
        made = self.call("POST", f"/api/v1/products/{product}/devices", {"key": key, **members}, 201)
        return Identity(product, key, made["credentials"]["secret"])

    def device(self, identity, **options):
        """A simulated device, closed with the platform; not connected yet."""
        device = Device(self.stack.mqtt, identity, **options)
        self._devices.append(device)
        return device

    def online(self, identity, **options):
        """A connected device that the platform knows to be online and that has its subscriptions."""
        device = self.device(identity, **options).connect()
        self.wait_subscribed(identity)
        wait_until(lambda: self.state(identity)["online"], message=f"{identity.key} online")
        return device

    def broker(self, method, path):
        node = self.stack.nodes[0]
        return self.door.request(method, node["api"] + path, headers={"authorization": f"Bearer {node['api_token']}"})

    def wait_subscribed(self, identity, rest="thing/service/property/set"):
        """Until the broker lists a subscription that covers the topic."""
        topic = f"{identity.product}/{identity.key}/{rest}"

        def has_it():
            answer = self.broker("GET", f"/api/v1/subscriptions/{identity.key}")
            return answer.is_success and any(matches(held["topic"], topic) for held in answer.json())

        wait_until(has_it, message=f"the subscription {topic}")

    def program(self, *arguments, timeout=60):
        """Runs `thingd ARGUMENTS` to its good end; returns what it printed."""
        done = subprocess.run([thingd.program(), *arguments], capture_output=True, text=True, timeout=timeout, check=False)
        assert done.returncode == 0, (arguments, done.returncode, done.stderr)
        return done.stdout

    def settle(self, device):
        """Returns when a message sent now has gone all the way: what was sent before it by this test has, too."""
        self.accept(hooks.event_post(device, "settled", {"mark": secrets.token_hex(4)}))
