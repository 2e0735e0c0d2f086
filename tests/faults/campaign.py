# SPDX-License-Identifier: Apache-2.0
"""Load while things break, and the sum afterwards.

Every message has a number. Numbers that got no 2xx are sent again with the same body, as the broker does, until all
are taken. Then each number must stand exactly once in the history, the newest value of each device must be its
highest number, and thingd's own accounting must add up.
"""

import itertools
import re

import httpx
import psycopg
from harness import hooks
from harness.ledger import Ledger
from harness.wait import wait_until

TABLE = []  # one row per fault, printed at the end of the run
COLUMNS = ("fault", "rounds", "sent", "stored", "duplicate", "dead", "refused", "lost", "doubled")


class Campaign:
    def __init__(self, platform, fault, devices=20):
        self.platform = platform
        self.fault = fault
        self.rounds = 0
        product = platform.make_product()
        self.devices = [platform.make_device(product) for _ in range(devices)]
        self.bodies = {}
        self.sent = set()
        self.accepted = set()
        self.repeated = 0
        self._numbers = itertools.count()

    def more(self, count):
        """Bodies with new numbers."""
        made = {}
        for n in itertools.islice(self._numbers, count):
            made[n] = hooks.property_post(self.devices[n % len(self.devices)], {"n": n})
        self.bodies.update(made)
        return made

    def hook_urls(self):
        return [instance["hook"] for instance in self.platform.instances]

    def under_load(self, breaks, before=300, after=300, count=4000, threads=16):
        """Runs breaks() while messages flow, then lets some more flow. One round."""
        self.rounds += 1
        ledger = Ledger()
        sending = ledger.start(self.platform.hook_url, self.more(count), threads=threads)
        wait_until(lambda: ledger.count() >= before, timeout=60, message="load")
        breaks()
        seen = ledger.count()
        wait_until(lambda: ledger.count() >= min(seen + after, count), timeout=120, message="more load")
        sending.stop()
        self.note(ledger)

    def note(self, ledger):
        """Takes what a ledger of this campaign's numbers saw into account."""
        self.sent |= set(ledger.answers)
        self.accepted |= ledger.accepted

    def post(self, count, threads=16, **options):
        """New messages, once each; the ledger."""
        ledger = Ledger().send(self.platform.hook_url, self.more(count), threads=threads, **options)
        self.note(ledger)
        return ledger

    def send_rest(self, timeout=120):
        """All that has no 2xx yet, again and again, each time through another instance."""
        urls = itertools.cycle(self.hook_urls())

        def all_taken():
            missing = {n: body for n, body in self.bodies.items() if n not in self.accepted}
            if not missing:
                return True
            ledger = Ledger().send(next(urls), missing, threads=16)
            self.accepted |= ledger.accepted
            return set(self.bodies) <= self.accepted

        wait_until(all_taken, timeout=timeout, message="all messages to be taken")

    def repeat(self, count=300):
        """Bodies that were answered long ago come once more."""
        some = dict(list(self.bodies.items())[-count:])
        self.repeated += len(some)

        def known():
            ledger = Ledger().send(self.platform.hook_url, some, threads=8)
            return ledger.accepted == set(some)

        wait_until(known, timeout=60, message="repeated messages to be answered")

    def spool_empty(self, timeout=120):
        def empty():
            try:
                return all(metric(self.platform, "spool_messages", i) in (0, None)
                           for i in range(len(self.platform.instances)))
            except httpx.TransportError:
                return False

        wait_until(empty, timeout=timeout, message="the spool to be empty")

    def stored(self):
        return [row["n"] for row in self.platform.rows(
            "select (params->>'n')::int n from property_history h join device d on d.id = h.device_id"
            " where d.key = any(%s)", [device.key for device in self.devices])]

    def settle(self):
        """Everything taken, drained, summed up; adds the row of the table."""
        self.bodies = {n: body for n, body in self.bodies.items() if n in self.sent}
        wait_until(self._database_up, timeout=60, message="the database")
        self.send_rest()
        self.repeat()
        self.spool_empty()
        rows = self.stored()
        lost = set(self.bodies) - set(rows)
        doubled = len(rows) - len(set(rows))
        dead = self.platform.value("select count(*) from dead_letter where device_key = any(%s)",
                                   [device.key for device in self.devices])
        refused = self.platform.value("select coalesce(sum(refused), 0) from dead_letter_count")
        TABLE.append((self.fault, self.rounds, len(self.bodies), len(set(rows)), self.repeated, dead, refused,
                      len(lost), doubled))
        assert not lost, f"{len(lost)} lost: {sorted(lost)[:10]}"
        assert not doubled, "stored twice"
        assert dead == 0 and refused == 0
        self._check_latest()
        self._check_accounting()

    def _database_up(self):
        try:
            return self.platform.value("select 1") == 1
        except psycopg.OperationalError:
            return False

    def _check_latest(self):
        for place, device in enumerate(self.devices):
            numbers = [n for n in self.bodies if n % len(self.devices) == place]
            if not numbers:
                continue
            latest = self.platform.call("GET", device.path + "/latest")["properties"]
            assert latest["n"]["value"] == max(numbers), (device.key, latest, max(numbers))

    def _check_accounting(self):
        for i in range(len(self.platform.instances)):
            wait_until(lambda: metric(self.platform, "accounting_difference", i) == 0, timeout=20,
                       message="the accounting to add up")


def metric(platform, name, instance=0):
    text = platform.door.get(platform.stack.instances[instance]["http"] + "/metrics").text  # no token: loopback
    found = re.search(rf"^thingd_{name}(?:_total)? (\S+)$", text, re.M)
    return float(found.group(1)) if found else None


def table():
    widths = [max(len(str(row[i])) for row in [COLUMNS, *TABLE]) for i in range(len(COLUMNS))]
    return "\n".join("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)) for row in [COLUMNS, *TABLE])
