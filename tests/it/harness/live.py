# SPDX-License-Identifier: Apache-2.0
"""A listener to the live stream."""

import json
import queue
import threading

import httpx

from .wait import PATIENCE


class Listener:
    """Reads events into a queue of (type, data, id) on a thread of its own."""

    def __init__(self, base, token, last_id=None, **params):
        headers = {"authorization": f"Bearer {token}", "accept": "text/event-stream"}
        if last_id:
            headers["last-event-id"] = last_id
        self.client = httpx.Client(base_url=base, headers=headers, timeout=PATIENCE, trust_env=False)
        self.got = queue.Queue()
        self.last_id = last_id
        self.context = self.client.stream("GET", "/api/v1/events", params=params)
        self.answer = self.context.__enter__()
        self.status = self.answer.status_code
        self.ended = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        kind = data = number = None
        try:
            for line in self.answer.iter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    data = value
                elif name == "id":
                    number = value
                elif line == "" and (data or number):
                    self.last_id = number or self.last_id
                    self.got.put((kind, json.loads(data), number) if data else ("sign of life", None, number))
                    kind = data = number = None
        except (httpx.HTTPError, httpx.StreamError):
            pass
        self.ended.set()

    def next(self, kind=None, timeout=PATIENCE):
        """The next event; with `kind` the next of that kind."""
        while True:
            event = self.got.get(timeout=timeout)
            if event[0] == (kind or event[0]) and event[0] != "sign of life":
                return event[1]

    def seen(self):
        out = []
        while not self.got.empty():
            event = self.got.get()
            if event[0] != "sign of life":
                out.append(event)
        return out

    def close(self):
        # Cut the connection below httpx: its own close waits for the reading thread.
        try:
            self.answer.extensions["network_stream"].get_extra_info("socket").shutdown(2)
        except OSError:
            pass
        self.ended.wait(10)
        self.client.close()
