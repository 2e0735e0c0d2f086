# SPDX-License-Identifier: Apache-2.0
"""The password of a device: {nonce}.{seconds}.{HMAC-SHA1(key, "{clientId}.{nonce}.{seconds}.{key}")}."""

import hashlib
import hmac
import secrets
import string
import time

LETTERS = string.ascii_letters + string.digits


def sign(client_id, key, nonce, seconds):
    text = f"{client_id}.{nonce}.{seconds}.{key}"
    return hmac.new(key.encode(), text.encode(), hashlib.sha1).hexdigest()


def password(client_id, key, nonce=None, seconds=None, skew=0):
    nonce = nonce or "".join(secrets.choice(LETTERS) for _ in range(6))
    seconds = int(time.time()) + skew if seconds is None else seconds
    return f"{nonce}.{seconds}.{sign(client_id, key, nonce, seconds)}"
