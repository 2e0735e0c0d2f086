# SPDX-License-Identifier: Apache-2.0
"""A small certificate authority for tests, made with the openssl command."""

import os
import subprocess


class Authority:
    """`folder` must exist; `certificate` is the authority's own, as a PEM file."""

    def __init__(self, folder, name):
        self._folder = folder
        self._name = name
        self.certificate, self._key = self._make(name, f"/CN={name}", "CA:TRUE")

    def _make(self, name, subject, kind, *more):
        certificate, key = (os.path.join(self._folder, f"{name}.{end}") for end in ("pem", "key"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc",
                        "-days", "2", "-subj", subject, "-addext", f"basicConstraints=critical,{kind}", "-keyout", key,
                        "-out", certificate, *more], check=True, capture_output=True)
        return certificate, key

    def issue(self, name, subject, extension):
        """(certificate, key) as files; `subject` as openssl takes it, with its slashes escaped."""
        return self._make(f"{self._name}-{name}", subject, "CA:FALSE", "-addext", extension,
                          "-CA", self.certificate, "-CAkey", self._key)

    def server(self, name="server"):
        return self.issue(name, "/CN=localhost", "subjectAltName=IP:127.0.0.1,DNS:localhost")

    def device(self, product, device, serial):
        return self.issue(f"{device}-{serial}", f"/O=thingd/serialNumber={serial}/CN={product}\\/{device}",
                          "extendedKeyUsage=clientAuth")
