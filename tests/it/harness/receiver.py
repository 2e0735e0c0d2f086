# SPDX-License-Identifier: Apache-2.0
"""Somebody who takes webhooks."""

import http.server
import json
import threading

from .wait import PATIENCE


class Receiver:
    """`seen` are the requests, the oldest first: {"method", "path", "headers", "body", "json"}. `say` maps a path to a
    list of answers (status, headers) that its next requests get in place of 204. A request to a path below /gate waits
    until `gate` is set."""

    def __init__(self):
        self.seen, self.say, self.gate = [], {}, threading.Event()
        self._changed = threading.Condition()
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                status, headers = owner.take(self, body)
                if self.path.startswith("/gate"):
                    owner.gate.wait(60)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if status != 204:
                    self.send_header("content-length", "0")
                self.end_headers()

            do_GET = do_PUT = do_POST

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self, request, body):
        with self._changed:
            self.seen.append({"method": request.command, "path": request.path, "body": body, "json": json.loads(body or b"null"),
                              "headers": {name.lower(): value for name, value in request.headers.items()}})
            answers = self.say.get(request.path)
            self._changed.notify_all()
            return answers.pop(0) if answers else (204, {})

    def at(self, path, count=1, timeout=PATIENCE):
        """The requests to the path, once there are that many."""
        def found():
            return [one for one in self.seen if one["path"] == path]

        with self._changed:
            assert self._changed.wait_for(lambda: len(found()) >= count, timeout), (path, self.seen)
            return found()

    def close(self):
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()
