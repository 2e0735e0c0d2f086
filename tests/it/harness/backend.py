# SPDX-License-Identifier: Apache-2.0
"""Stands where thingd's hook listener would, and records what a broker asks there."""

import http.server
import json
import threading

from .wait import PATIENCE


class Backend:
    """Answers every auth request with allow and no right at all. `requests` are (path, decoded body), oldest first."""

    def __init__(self, port):
        self.requests = []
        self._changed = threading.Condition()
        backend = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                backend._record(self.path, body)
                answer = {}
                if self.path.startswith("/auth/"):
                    answer = {"result": "allow", "superuser": False,
                              "acl": [{"action": "all", "permission": "deny", "topic": "#"}]}
                text = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _record(self, path, body):
        with self._changed:
            self.requests.append((path, body))
            self._changed.notify_all()

    def wait_for(self, fits, timeout=PATIENCE):
        """The first (path, body) that `fits`, when it has come."""
        found = []

        def look():
            found[:] = [request for request in self.requests if fits(*request)]
            return found

        with self._changed:
            assert self._changed.wait_for(look, timeout), f"not asked; asked were {self.requests}"
        return found[0]

    def close(self):
        self._server.shutdown()
        self._server.server_close()
