# SPDX-License-Identifier: Apache-2.0
"""Proves that charts stay fast over a large history.

    make prove-history [ARGS="--devices N --rows N --days N"]       (default: 10,000 devices of 10,000 rows, 30 days)

Fills a private cluster as ingest would have (rows in the order of time, partitions by day), one device with a million
rows among the others, computes the rollups of some devices by th_rollup, and asks the API of a thingd on that cluster
for devices taken at random, its time from request to answer. Needs about 20 GB in /var/tmp at full size. Ends with status 1 when a number is not held.
"""

import argparse
import concurrent.futures
import functools
import os
import random
import secrets
import shutil
import sys
import time

import httpx
import psycopg

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from parts import broker, ports, postgres, thingd  # noqa: E402

# Nothing here must outlive a power cut, and tables made and filled in one transaction need no log.
SETTINGS = {"fsync": "off", "synchronous_commit": "off", "wal_level": "minimal", "max_wal_senders": 0,
            "max_wal_size": "8GB", "maintenance_work_mem": "512MB"}
LOADERS = 2

FILL = """
insert into {table} select d, t, gen_random_uuid(), t, 0, 0,
    jsonb_build_object('temperature', 20 + (extract(epoch from t)::bigint * (d + 7) %% 1000) / 100.0,
        'humidity', (extract(epoch from t)::bigint + d) %% 97)
from generate_series(%(first)s::timestamptz, %(last)s::timestamptz - interval '1 microsecond', %(step)s) t,
    generate_series(%(low)s::bigint, %(high)s::bigint) d"""

MARK = """
insert into rollup_due select d, h from unnest(%s::bigint[]) d,
    generate_series(%s::timestamptz, %s::timestamptz - interval '1 hour', interval '1 hour') h"""


class Proof:
    """The history of `devices` devices with `rows` rows each over `days` days, and of one more with `heavy` rows."""

    def __init__(self, cluster, folder, take, devices, rows, days, heavy):
        self.cluster, self.devices, self.rows, self.days, self.heavy = cluster, devices, rows, days, heavy
        self.heavy_device = devices + 1
        self.uri = cluster.ensure_database("thingd", secrets.token_hex(8))
        self.dice = random.Random(1)
        self.figures = []
        http, hook, nobody = take(), take(), take()
        path = functools.partial(os.path.join, folder)
        self.server = thingd.Thingd("thingd", thingd.program(), path("thingd.conf"), {
            "home": broker.REPOSITORY, "database.url": self.uri, "http.listen": f"127.0.0.1:{http}",
            "hook.listen": f"127.0.0.1:{hook}", "hook.tokens": f"1:plain:{secrets.token_hex(16)}",
            "broker.nodes": f"1=http://127.0.0.1:{nobody}", "broker.api_token": secrets.token_hex(16),
            "secrets.key_file": path("master.key"), "files.dir": path("files"), "retention.history": f"{days + 30}d",
        }, http, folder, path("thingd.log"))

    def connect(self):
        return psycopg.connect(self.uri, autocommit=True, options="-c timezone=UTC")

    def migrate(self):
        self.server.command("migrate")
        with self.connect() as db:
            self.until = db.execute("select date_trunc('hour', now())").fetchone()[0]
            self.since = db.execute("select date_trunc('hour', now()) - %s * interval '1 day'", [self.days]).fetchone()[0]
            db.execute("insert into product (key) values ('fleet')")
            db.execute("insert into device (id, product_id, key) select d, 1, 'd' || d from generate_series(1, %s) d",
                       [self.heavy_device])
            db.execute("analyze device")

    def fill_day(self, table, first, last):
        """One day's partition: filled, then attached, which builds its index."""
        step, heavy_step = ((self.until - self.since) / n for n in (self.rows, self.heavy))
        with self.connect() as db, db.transaction():
            db.execute(f"create table {table} (like property_history including defaults including constraints)")
            for low, high, every in ((1, self.devices, step), (self.heavy_device, self.heavy_device, heavy_step)):
                # The first report of the day in the device's own rhythm.
                ticks = -((self.since - max(first, self.since)) // every)
                db.execute(FILL.format(table=table), {
                    "first": self.since + ticks * every, "last": min(last, self.until), "step": every, "low": low,
                    "high": high})
        with self.connect() as db:
            db.execute(f"create unique index on {table} (device_id, ts, digest)")
            db.execute(f"vacuum (analyze) {table}")

    def fill(self):
        with self.connect() as db:
            made = [row[0] for row in db.execute(
                "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid"
                " where i.inhparent = 'property_history'::regclass and c.relname !~ '_rest$'")]
            for name in made:
                db.execute(f"drop table {name}")
            days = db.execute("select 'property_history_' || to_char(t, 'YYYYMMDD'), t, t + interval '1 day' from"
                              " generate_series(date_trunc('day', %s::timestamptz), %s, interval '1 day') t",
                              [self.since, self.until]).fetchall()
        started = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(LOADERS) as pool:
            list(pool.map(lambda day: self.fill_day(*day), days))
        with self.connect() as db:
            for name, first, last in days:
                db.execute(f"alter table property_history attach partition {name}"
                           f" for values from ('{first.isoformat()}') to ('{last.isoformat()}')")
            db.execute("analyze property_history")
            self.stored = db.execute("select count(*) from property_history").fetchone()[0]
            size = db.execute("select sum(pg_total_relation_size(relid)) from pg_partition_tree('property_history')"
                              " where isleaf").fetchone()[0]
        seconds = time.monotonic() - started
        print(f"{self.stored:,} rows, {float(size) / 1e9:.2f} GB, in {seconds:.0f} s", flush=True)

    def roll_up(self, sample):
        """Rollups of some devices, by the job as it runs in thingd."""
        self.sample = self.dice.sample(range(1, self.devices + 1), min(sample, self.devices))
        with self.connect() as db:
            db.execute(MARK, [[*self.sample, self.heavy_device], self.since, self.until])
            started, hours = time.monotonic(), 0
            while done := db.execute("select th_rollup(5000, '0')").fetchone()[0]:
                hours += done
            seconds = time.monotonic() - started
            db.execute("analyze property_rollup_hour")
            db.execute("analyze property_rollup_day")
        print(f"{hours:,} hours of {len(self.sample) + 1} devices rolled up in {seconds:.1f} s", flush=True)

    def serve(self):
        self.server.start()
        self.server.wait(ready=False)
        token = self.server.command("token", "create", "--local", "--name", "proof", "--role", "admin").strip()
        self.api = httpx.Client(base_url=f"http://127.0.0.1:{self.server.http}/api/v1/", timeout=60, trust_env=False,
                                headers={"authorization": f"Bearer {token}"})
        self.api.patch("settings", json={"rate_per_minute": 1_000_000}).raise_for_status()

    def ask(self, name, devices, path, query, rows, limit_ms, count=len):
        """Times one query over devices, from the request to the answer; `rows` is what `count` finds in the items of
        each, within one; limit_ms: of the 95th."""
        times = []
        for device in devices:
            params = {key: value.format(device) if isinstance(value, str) else value for key, value in query.items()}
            started = time.perf_counter()
            answer = self.api.get(path.format(device), params=params)
            times.append((time.perf_counter() - started) * 1000)
            assert answer.is_success, (name, device, answer.text)
            seen = count(answer.json()["items"])
            assert abs(seen - rows) <= 1, (name, device, seen, rows)
        times.sort()
        p50, p95 = times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.95))]
        self.figures.append((name, len(times), rows, p50, p95, limit_ms))

    def measure(self, rounds):
        any_device = [self.dice.randint(1, self.devices) for _ in range(rounds)]
        rolled = [self.dice.choice(self.sample) for _ in range(rounds)]
        since, until = (t.isoformat() for t in (self.since, self.until))
        history, day = "products/fleet/devices/d{}/history", (self.until - self.since) / self.days
        hours, average = self.days * 24, {"aggregate": "avg", "from": since, "to": until, "order": "asc", "limit": 10000}
        self.ask("last day, raw", any_device, history,
                 {"from": (self.until - day).isoformat(), "to": until, "limit": 10000}, round(self.rows / self.days), 50)
        self.ask(f"{self.days} days, hourly avg", rolled, history, {**average, "bucket": "1h"}, min(hours, self.rows), 300)
        self.ask(f"{self.days} days, daily avg", rolled, history, {**average, "bucket": "1d"},
                 (self.until.date() - self.since.date()).days + bool(self.until.hour), 300)
        heavy = [self.heavy_device] * max(3, rounds // 10)
        picture = {"devices": "d{}", "properties": "temperature", "from": since, "to": until, "method": "lttb", "points": 1000}
        self.ask(f"{self.heavy:,} points, 1,000 of them", heavy, "series", picture, 1000, 300,
                 lambda lines: len(lines[0]["points"]))
        self.ask(f"{self.heavy:,} points in hours", heavy, history, {**average, "bucket": "1h", "properties": "temperature"},
                 hours, 300)
        fine = max(1, self.days * 86400 // 1000)
        self.ask(f"{self.heavy:,} points, raw, in 1,000", heavy[:5], history,
                 {**average, "bucket": f"{fine}s", "properties": "temperature"},
                 min(self.heavy, -(-self.days * 86400 // fine)), None)

    def report(self):
        print(f"\n{'query':32} {'asked':>6} {'rows':>6} {'p50 ms':>8} {'p95 ms':>8}  held")
        bad = 0
        for name, asked, rows, p50, p95, limit in self.figures:
            held = limit is None or p95 < limit
            bad += not held
            says = "-" if limit is None else f"{'yes' if held else 'NO'} (< {limit})"
            print(f"{name:32} {asked:6} {rows:6} {p50:8.1f} {p95:8.1f}  {says}")
        print(f"\n{len(self.figures) - bad} held, {bad} not")
        return bad == 0


def prove(devices, rows, days, heavy, sample, rounds):
    """Runs the whole proof in a cluster of its own; returns the Proof."""
    block = ports.reserve()
    folder = postgres.new_data_folder(f"thingd-proof-{secrets.token_hex(4)}")
    cluster = postgres.Cluster(os.path.join(folder, "postgres"), block.take(), os.path.join(folder, "log"), SETTINGS)
    try:
        cluster.create()
        cluster.start()
        proof = Proof(cluster, folder, block.take, devices, rows, days, heavy)
        proof.migrate()
        proof.fill()
        proof.roll_up(sample)
        try:
            proof.serve()
            proof.measure(rounds)
        finally:
            proof.server.process.stop()
        return proof
    finally:
        cluster.process.kill()
        cluster.remove()
        shutil.rmtree(folder)
        block.release()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("devices", 10_000), ("rows", 10_000), ("days", 30), ("heavy", 1_000_000), ("sample", 100),
                          ("rounds", 200)):
        parser.add_argument(f"--{name}", type=int, default=default)
    return 0 if prove(**vars(parser.parse_args())).report() else 1


if __name__ == "__main__":
    sys.exit(main())
