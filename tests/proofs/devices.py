# SPDX-License-Identifier: Apache-2.0
"""Proves that lists of devices stay fast when there are many.

    make prove-devices [ARGS="--devices N --rounds N --only TEXT"]     (default: 1,000,000 devices, 60 rounds)
    make prove-devices ARGS=--keep         fills, measures, and leaves the stack for a look; it says where it is
    make prove-devices ARGS="--at DIR"     measures that one again, without filling

Fills the database of a private stack (no broker), then asks the API as a client does: each search with values taken
at random, its time from request to answer. While a list is paged through, devices are made and deleted around it; what
was there all the time must come exactly once and in order. Ends with status 1 when a number is not held.
"""

import argparse
import os
import random
import sys
import threading
import time

import httpx
import psycopg

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from parts import client  # noqa: E402

LIMIT_MS = 50
PRODUCTS = 20

# Of 1,000 devices: 100 carry the tag of their tenth, 1 a rare tag; 50 are online, 10 were never seen, 900 were seen
# within the hour, the others over 30 days.
FILL = """
insert into device (id, product_id, key, name, tags, attributes, created_at)
select n, p.ids[1 + n %% cardinality(p.ids)], 'dev-' || lpad(n::text, 9, '0'), 'Pump ' || md5(n::text),
    array['tenth-' || n / 20 %% 10] || case when n %% 1000 = 0 then array['rare-' || n / 1000 %% 50] else '{}' end,
    jsonb_build_object('site', 'site-' || n %% 5000, 'model', 'M' || n %% 4, 'serial', n),
    now() - (%(last)s - n) * interval '1 second'
from generate_series(%(first)s::bigint, %(last)s) n, (select array_agg(id order by id) as ids from product) p"""

STATE = """
insert into device_state (device_id, product_id, online, seen_at) select n, p.ids[1 + n %% cardinality(p.ids)], n / 20 %% 20 = 0,
    case when n %% 100 = 99 then null when n %% 10 = 9 then now() - n %% 720 * interval '1 hour'
        else now() - n %% 3600 * interval '1 second' end
from generate_series(%(first)s::bigint, %(last)s) n, (select array_agg(id order by id) as ids from product) p"""


class Proof:
    def __init__(self, stack, devices):
        self.stack, self.devices = stack, devices
        self.dice = random.Random(1)
        self.figures = []
        self.api = httpx.Client(base_url=stack.http, headers={"authorization": f"Bearer {stack.admin_token}"},
                                timeout=60, trust_env=False)
        self.db = psycopg.connect(stack.database, autocommit=True)

    def call(self, method, path, body=None, api=None, **options):
        answer = (api or self.api).request(method, "/api/v1" + path, json=body, **options)
        assert answer.is_success, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def fill(self):
        started = time.monotonic()
        self.call("PATCH", "/settings", {"rate_per_minute": 1_000_000})
        for n in range(PRODUCTS):
            self.call("POST", "/products", {"key": f"product-{n}"})
        self.db.execute("alter table device disable trigger device_state_made")
        step = 100_000
        for first in range(1, self.devices + 1, step):
            bounds = {"first": first, "last": min(first + step - 1, self.devices)}
            for statement in (FILL, STATE):
                self.db.execute(statement, bounds)
        self.db.execute("select setval(pg_get_serial_sequence('device', 'id'), %s)", [self.devices])
        self.db.execute("alter table device enable trigger device_state_made")
        for key, every in (("small", 1000), ("large", 2)):
            self.call("POST", "/groups", {"key": key})
            self.db.execute("insert into device_group_member (group_id, device_id) select g.id, n from device_group g,"
                            " generate_series(1, %s, %s) n where g.key = %s", [self.devices, every, key])
        self.call("POST", "/groups", {"key": "found", "kind": "query", "query": {"tag": "rare-7", "product": "product-0"}})
        for table in ("device", "device_state", "device_group_member", "device_tag_count"):
            self.db.execute(f"vacuum (analyze) {table}")
        print(f"{self.devices:,} devices in {time.monotonic() - started:.0f} s", flush=True)

    def number(self):
        return self.dice.randint(1, self.devices)

    def run(self, rounds, pages, only=""):
        self.measure(rounds, only)
        self.page_under_change(pages)

    def ask(self, name, rounds, make, api=None, limit=LIMIT_MS):
        """Times a list; make() -> its query. Returns what came last."""
        times, items = [], []
        for _ in range(rounds):
            query = make()
            started = time.perf_counter()
            seen = self.call("GET", "/devices", api=api, params={"limit": 50, **query})
            times.append((time.perf_counter() - started) * 1000)
            items = seen["items"]
        times.sort()
        p50, p95 = times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.95))]
        self.figures.append((name, rounds, len(items), p50, p95, limit))
        return seen

    def measure(self, rounds, only=""):
        n, days = self.number, ("seen_before", "seen_after")
        ago = self.db.execute("select to_char(now() - interval '20 days', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'),"
                              " to_char(now() - interval '30 minutes', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')").fetchone()
        scoped = self.scoped()
        searches = [
            ("first page", dict),
            ("key", lambda: {"key": f"dev-{n():09}"}),
            ("key, of none", lambda: {"key": f"no-{n()}"}),
            ("prefix of the key", lambda: {"prefix": f"dev-{n() // 1000:06}"}),
            ("part of key or name", lambda: {"q": f"{n():09}"[2:]}),
            ("part of the name, of many", lambda: {"q": "pump a"}),
            ("part, of none", lambda: {"q": f"zz{n()}"}),
            ("name", lambda: {"name": "Pump " + self.md5(n())}),
            ("tag of a tenth", lambda: {"tag": f"tenth-{n() % 10}"}),
            ("rare tag", lambda: {"tag": f"rare-{(1 + (n() - 1) // 1000) % 50}"}),
            ("two tags", lambda: {"tag": f"tenth-0,rare-{n() % 50}"}),
            ("tag, of none", lambda: {"tag": f"none-{n()}"}),
            ("attribute of a quarter", lambda: {"attribute": f"model=M{n() % 4}"}),
            ("attribute of 200", lambda: {"attribute": f"site=site-{n() % 5000}"}),
            ("attribute of one, a number", lambda: {"attribute": f"serial={n()}"}),
            ("attribute, of none", lambda: {"attribute": f"site=none-{n()}"}),
            ("online", lambda: {"online": "true"}),
            ("online, of one product", lambda: {"online": "true", "product": f"product-{n() % PRODUCTS}"}),
            ("offline", lambda: {"online": "false"}),
            ("disabled, of none", lambda: {"enabled": "false"}),
            ("not seen for 20 days", lambda: {days[0]: ago[0]}),
            ("seen in half an hour", lambda: {days[1]: ago[1]}),
            ("newest seen first", lambda: {"sort": "-seen_at"}),
            ("longest not seen first", lambda: {"sort": "seen_at"}),
            ("by name", lambda: {"sort": "name"}),
            ("newest first", lambda: {"sort": "-created_at"}),
            ("product", lambda: {"product": f"product-{n() % PRODUCTS}"}),
            ("product, by name", lambda: {"product": f"product-{n() % PRODUCTS}", "sort": "name"}),
            ("product, newest first", lambda: {"product": f"product-{n() % PRODUCTS}", "sort": "-created_at"}),
            ("source, of none", lambda: {"source": "import"}),
            ("product and tag", lambda: {"product": f"product-{n() % PRODUCTS}", "tag": f"tenth-{n() % 10}"}),
            ("product, newest seen first", lambda: {"product": f"product-{n() % PRODUCTS}", "sort": "-seen_at"}),
            ("group of a thousandth", lambda: {"group": "small"}),
            ("group of half", lambda: {"group": "large"}),
            ("group by query", lambda: {"group": "found"}),
            ("counted, all", lambda: {"count": "true"}),
            ("counted, a tag", lambda: {"count": "true", "tag": f"tenth-{n() % 10}"}),
            ("two products' role, page", dict),
            ("two products' role, tag", lambda: {"tag": f"tenth-{n() % 10}"}),
            ("two products' role, part", lambda: {"q": f"{n():09}"[2:]}),
        ]
        for name, make in searches:
            if only in name:
                self.ask(name, rounds, make, api=scoped if name.startswith("two products' role") else None)
        total = self.call("GET", "/devices", params={"count": "true", "limit": 1})["total"]
        assert total["estimate"] == (self.devices > 1000), total
        assert abs(total["value"] - self.devices) <= self.devices * 0.1, total

    def md5(self, n):
        return self.db.execute("select md5(%s::text)", [n]).fetchone()[0]

    def scoped(self):
        token = self.call("POST", "/tokens", {"name": "scoped", "role": "viewer", "products": ["product-3", "product-4"]})
        return httpx.Client(base_url=self.stack.http, headers={"authorization": f"Bearer {token['token']}"}, timeout=60,
                            trust_env=False)

    def pages(self, pages, **query):
        """Keys of so many pages, one after the other, and the slowest page's time."""
        keys, cursor, slowest = [], None, 0.0
        for _ in range(pages):
            started = time.perf_counter()
            seen = self.call("GET", "/devices", params={"limit": 100, **query, **({"cursor": cursor} if cursor else {})})
            slowest = max(slowest, (time.perf_counter() - started) * 1000)
            keys += [item["key"] for item in seen["items"]]
            cursor = seen["next_cursor"]
            if not cursor:
                break
        return keys, slowest

    def page_under_change(self, pages):
        """Pages while devices come and go everywhere in the list: what stays is seen once each, in order."""
        stop, made = threading.Event(), [0]

        def change():
            with psycopg.connect(self.stack.database, autocommit=True) as db:
                while not stop.is_set():
                    n = self.dice.randint(1, self.devices)
                    db.execute("insert into device (product_id, key) values (1, %s) on conflict do nothing", [f"dev-{n:09}x"])
                    db.execute("delete from device where key = %s", [f"dev-{self.dice.randint(1, self.devices):09}x"])
                    made[0] += 1

        writer = threading.Thread(target=change)
        writer.start()
        try:
            keys, slowest = self.pages(pages, sort="key")
        finally:
            stop.set()
            writer.join()
        assert keys == sorted(set(keys)), "a device came twice, or out of order"
        old = [key for key in keys if not key.endswith("x")]
        assert old == [f"dev-{n:09}" for n in range(1, len(old) + 1)], "a device was left out"
        self.figures.append((f"{pages} pages, {made[0]} changes", pages, len(keys), slowest, slowest, None))

    def report(self):
        print(f"\n{'search':28} {'asked':>6} {'items':>6} {'p50 ms':>8} {'p95 ms':>8}  held")
        bad = 0
        for name, asked, items, p50, p95, limit in self.figures:
            held = limit is None or p95 < limit
            bad += not held
            says = "-" if limit is None else f"{'yes' if held else 'NO'} (< {limit})"
            print(f"{name:28} {asked:6} {items:6} {p50:8.1f} {p95:8.1f}  {says}")
        print(f"\n{len(self.figures) - bad} held, {bad} not")
        return bad == 0


def prove(devices, rounds, pages=200, only="", keep=False):
    """Runs the whole proof in a stack of its own, which `keep` leaves up; returns the Proof."""
    stack = client.up(nodes=0, settings={"log.level": "warn"}, owner=0 if keep else None)
    try:
        proof = Proof(stack, devices)
        proof.fill()
        proof.run(rounds, pages, only)
        return proof
    finally:
        if keep:
            print(f"kept: --at {stack.dir}; ends with: tests/stack down {stack.dir}")
        else:
            stack.down()


def prove_at(folder, rounds, pages=200, only=""):
    """Measures a stack that an earlier run kept."""
    stack = client.Stack(client.read_state(folder))
    with psycopg.connect(stack.database) as db:
        devices = db.execute("select max(id) from device where source = 'manual' and key ~ '^dev-[0-9]{9}$'").fetchone()[0]
    proof = Proof(stack, devices)
    proof.run(rounds, pages, only)
    return proof


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--devices", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--only", default="", metavar="TEXT", help="only searches with this in their names")
    parser.add_argument("--keep", action="store_true", help="leave the stack up and say where it is")
    parser.add_argument("--at", metavar="DIR", help="a stack that was kept")
    given = parser.parse_args()
    if given.at:
        proof = prove_at(given.at, given.rounds, only=given.only)
    else:
        proof = prove(given.devices, given.rounds, only=given.only, keep=given.keep)
    return 0 if proof.report() else 1


if __name__ == "__main__":
    sys.exit(main())
