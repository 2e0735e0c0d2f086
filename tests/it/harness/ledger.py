# SPDX-License-Identifier: Apache-2.0
"""What was sent to the hook door and what it answered, to be compared with the tables."""

import http.client
import json
import threading
import urllib.parse


class Ledger:
    """Posts hooks from many threads; each has a number, its place in the list it was given."""

    def __init__(self):
        self._lock = threading.Lock()
        self.answers = {}  # number -> status, None: no answer

    def record(self, number, status):
        with self._lock:
            self.answers[number] = status

    def numbers(self, *statuses):
        with self._lock:
            return {n for n, status in self.answers.items() if status in statuses}

    @property
    def accepted(self):
        with self._lock:
            return {n for n, status in self.answers.items() if status is not None and 200 <= status < 300}

    @property
    def open(self):
        """Numbers without a 2xx: the broker would send them again."""
        with self._lock:
            return {n for n, status in self.answers.items() if status is None or not 200 <= status < 300}

    def count(self):
        with self._lock:
            return len(self.answers)

    def send(self, url, bodies, threads=8, timeout=15):
        """Posts `bodies` ({number: body}) once each. A connection that breaks leaves no answer; the next message gets
        a new one."""
        self.start(url, bodies, threads, timeout).join()
        return self

    def start(self, url, bodies, threads=8, timeout=15):
        return Sending(self, url, bodies, threads, timeout)


class Sending:
    def __init__(self, ledger, url, bodies, threads, timeout):
        self._ledger = ledger
        self._url = urllib.parse.urlsplit(url)
        self._left = iter(list(bodies.items()))
        self._lock = threading.Lock()
        self._timeout = timeout
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def _next(self):
        with self._lock:
            return next(self._left, None)

    def _run(self):
        line = None
        while True:
            item = self._next()
            if item is None:
                break
            number, body = item
            line = line or http.client.HTTPConnection(self._url.hostname, self._url.port, timeout=self._timeout)
            try:
                line.request("POST", self._url.path, json.dumps(body), {"content-type": "application/json"})
                answer = line.getresponse()
                answer.read()
                self._ledger.record(number, answer.status)
            except (OSError, http.client.HTTPException):
                self._ledger.record(number, None)
                line.close()
                line = None
        if line:
            line.close()

    def stop(self):
        """No message is begun after this."""
        with self._lock:
            self._left = iter(())
        self.join()

    def join(self, timeout=120):
        for thread in self._threads:
            thread.join(timeout)
            assert not thread.is_alive(), "a sender hangs"
