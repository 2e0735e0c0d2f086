# SPDX-License-Identifier: Apache-2.0
"""A mail server (aiosmtpd) that keeps what it gets, and refuses what a test wants refused."""

import email
import email.policy
import ssl
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from parts import ports

from .wait import PATIENCE


class Mailbox:
    """`letters` are (recipients, message), the oldest first. `say` is a list of answers that the next letters get in
    place of 250, such as "451 later". With `certificate` it wants STARTTLS, with `login` also (user, password)."""

    def __init__(self, certificate=None, login=None):
        self._block = ports.reserve()
        self.port = self._block.take()
        self.letters, self.say, self.seen = [], [], 0
        self._changed = threading.Condition()
        options = {}
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            options.update(tls_context=context, require_starttls=True)
        if login:
            options.update(auth_required=True, authenticator=lambda *args: AuthResult(
                handled=False, success=args[-1] == LoginPassword(*(word.encode() for word in login))))
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)
        self._controller.start()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, server, session, envelope):
        with self._changed:
            self.seen += 1
            answer = self.say.pop(0) if self.say else "250 taken"
            if answer.startswith("250"):
                message = email.message_from_bytes(envelope.content, policy=email.policy.default)
                self.letters.append((envelope.rcpt_tos, message))
            self._changed.notify_all()
        return answer

    def wait(self, fits=lambda to, message: True, count=1, timeout=PATIENCE):
        """The messages that fit, when there are that many."""
        def found():
            return [message for to, message in self.letters if fits(to, message)]

        with self._changed:
            assert self._changed.wait_for(lambda: len(found()) >= count, timeout), self.letters
            return found()

    def to(self, address, count=1):
        return self.wait(lambda to, message: to == [address], count)

    def close(self):
        self._controller.stop()
        self._block.release()
