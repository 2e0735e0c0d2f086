# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL, thingd, broker and simulated devices of one checkout, in its var/ folder.

What is ready runs while the broker, the longest build, still compiles.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import subprocess
import time

from parts import ports, postgres
from parts.broker import REPOSITORY, Broker
from parts.process import Failed, Process, clean_env
from parts.thingd import Thingd

from . import broker_build, watching

VAR = os.path.join(REPOSITORY, "var")
ADMIN = "admin"


def var(*names):
    return os.path.join(VAR, *names)


def say(text):
    print(f"[{time.strftime('%H:%M:%S')}] {text}")


def owner_of(port):
    """", by PROGRAM" where ss can tell, for the message about a taken port."""
    if not shutil.which("ss"):
        return ""
    line = subprocess.run(["ss", "-Hltnp", f"sport = :{port}"], capture_output=True, text=True, check=False).stdout
    return f", by {line.split('users:((')[1].split(',')[0]}" if "users:((" in line else ""


class Platform:
    def __init__(self, http, mqtt, devices, settings):
        self.http = http
        self.mqtt = mqtt
        self.devices = devices
        self.settings = settings
        self.token = None
        self.password = None  # of the administrator, at the start that makes it
        self.thingd = None
        self._lock = None
        self._block = None
        self._build = None
        self._cluster = None
        self._broker = None
        self._devices = None
        self._watching = None

    def processes(self):
        """Those that must live while the demo does, in the order they are stopped."""
        owners = (self._devices, self._broker and self._broker.process, self.thingd and self.thingd.process,
                  self._cluster and self._cluster.process)
        return [process for process in owners if process]

    def up(self):
        os.makedirs(VAR, exist_ok=True)
        self._take_lock()
        self._check_ports()
        self._block = ports.reserve()
        self._build = broker_build.BrokerBuild(var("broker-build.log"))
        self._start_postgres()
        say("building thingd")
        if subprocess.run(["make", "--no-print-directory", "release"], cwd=REPOSITORY, check=False).returncode:
            raise Failed("thingd does not build")
        self._configure()
        self._start_thingd()
        self._start_broker()
        if self.devices:
            self._start_devices()
            self._watch_scripts()
        self._greet()

    def _take_lock(self):
        self._lock = open(var("lock"), "w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failed(f"it runs already, in {REPOSITORY}") from None

    def _check_ports(self):
        for port, what, option in ((self.http, "API", "--http"), (self.mqtt, "broker", "--mqtt")):
            if not ports.is_free(port):
                raise Failed(f"port {port}, wanted for the {what}, is in use{owner_of(port)}.\n"
                             f"Stop that, or take another: make run ARGS=\"{option} {port + 10000}\"")

    def _start_postgres(self):
        folder = var("postgres")
        if os.geteuid() == 0:
            # The server's user can rarely enter a checkout of root's.
            key = hashlib.sha256(REPOSITORY.encode()).hexdigest()[:12]
            folder = os.path.join(postgres.new_data_folder(f"thingd-{key}"), "postgres")
            if os.path.islink(var("postgres")):
                os.unlink(var("postgres"))
            os.symlink(folder, var("postgres"))
        self._cluster = postgres.Cluster(folder, self._block.take(), var("postgres.log"))
        if not self._cluster.exists():
            say(f"making a PostgreSQL cluster in {folder}")
            for name in ("token", "devices.json", "master.key"):
                if os.path.exists(var(name)):
                    os.unlink(var(name))
            self._cluster.create()
        self._cluster.start()
        say("PostgreSQL is up")

    def _configure(self):
        hook_token, self._api_token = secrets.token_hex(16), secrets.token_hex(16)
        self._broker_api = self._block.take()
        conf = {
            "home": REPOSITORY,
            "database.url": self._cluster.ensure_database("thingd", secrets.token_hex(16)),
            "http.listen": f"127.0.0.1:{self.http}",
            "hook.listen": f"127.0.0.1:{self._block.take()}",
            "hook.tokens": f"1:plain:{hook_token}",
            "broker.nodes": f"1=http://127.0.0.1:{self._broker_api}",
            "broker.api_token": self._api_token,
            "broker.mqtt_listen": f"127.0.0.1:{self.mqtt}",
            "broker.http_listen": f"127.0.0.1:{self._broker_api}",
            "broker.data_dir": var("broker", "data"),
            "secrets.key_file": var("master.key"),
            "files.dir": var("files"),
            **self.settings,
        }
        self.thingd = Thingd("thingd", os.path.join(REPOSITORY, "build/thingd"), var("thingd.conf"), conf, self.http,
                             VAR, var("thingd.log"))

    def _start_thingd(self):
        self.thingd.command("migrate")
        self.token = self._bootstrap_token()
        self.password = self.thingd.command("user", "bootstrap", "--name", ADMIN).strip()
        self.thingd.start()
        self.thingd.wait(ready=False)
        say(f"thingd is up: http://127.0.0.1:{self.http}")
        if self.password:
            # Said at once: should the rest not come up, it would be lost.
            say(f"sign in as {ADMIN} with the one-time password {self.password}")

    def _bootstrap_token(self):
        """Made once per database, kept for its user."""
        try:
            with open(var("token")) as f:
                return f.read().strip()
        except FileNotFoundError:
            pass
        token = self.thingd.command("token", "create", "--local", "--name", "bootstrap", "--role", "admin").strip()
        with open(os.open(var("token"), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as f:
            f.write(token + "\n")
        return token

    def _start_broker(self):
        binary = self._build.wait(say, self.processes())
        os.makedirs(var("broker"), exist_ok=True)
        self.thingd.command("broker-config", "--out", var("broker"))
        self._broker = Broker("broker", binary, var("broker"), self.mqtt, self._broker_api, self._api_token,
                              var("broker.log"))
        self._broker.start()
        self._broker.wait()
        self.thingd.wait()
        say(f"the broker is up: mqtt://127.0.0.1:{self.mqtt}")

    def _start_devices(self):
        argv = [os.path.join(REPOSITORY, "build/thingd"), "sim", "demo", "--api", f"http://127.0.0.1:{self.http}",
                "--token", f"@{var('token')}", "--mqtt", f"127.0.0.1:{self.mqtt}", "--devices", str(self.devices),
                "--state", var("devices.json")]
        self._devices = Process("devices", argv, var("devices.log"), cwd=VAR, env=clean_env())
        self._devices.start()
        say(f"{self.devices} simulated devices report")

    def _watch_scripts(self):
        """The devices' product is there as soon as they report."""
        self._watching = watching.Watching(
            os.path.join(REPOSITORY, "build/thingd"), REPOSITORY, var("products"),
            os.path.join(REPOSITORY, "examples/products/air-monitor"), f"http://127.0.0.1:{self.http}", var("token"), VAR)
        os.makedirs(var("products"), exist_ok=True)
        names = self._watching.start()
        say("scripts watched: " + ", ".join(f"var/products/{name}" for name in names))

    def news(self):
        """Lines for the terminal since the last time."""
        return self._watching.news() if self._watching else []

    def _sign_in(self):
        """What the greeting says of the dashboard."""
        if not os.path.exists(os.path.join(REPOSITORY, "web/dist/index.html")):
            return "not built: it takes Node 20 and npm, then `make web`"
        if self.password:
            return (f"http://127.0.0.1:{self.http}/\n"
                    f"  sign in      {ADMIN}, one-time password {self.password}    (shown only now)")
        reset = f"build/thingd user bootstrap --reset --config {os.path.relpath(var('thingd.conf'), REPOSITORY)}"
        return (f"http://127.0.0.1:{self.http}/\n"
                f"  sign in      {ADMIN}, with the password you chose; lost: {reset}")

    def _greet(self):
        api = f"http://127.0.0.1:{self.http}/api/v1/products/air-monitor/devices/air-1"
        print(f"""
ready
  dashboard    {self._sign_in()}
  API          http://127.0.0.1:{self.http}/api/v1
  token        {self.token}    (kept in var/token)
  MQTT         127.0.0.1:{self.mqtt}
  scripts      var/products/air-monitor/init.lua    (save it, and the next message runs it)
  logs, data   var/

try, in another terminal:
  TOKEN=$(cat {os.path.relpath(var('token'), os.getcwd())})
  curl -s -H "Authorization: Bearer $TOKEN" {api}/latest
  curl -s -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
       -d '{{"params":{{"fan_speed":3}}}}' {api}/commands
  curl -s -H "Authorization: Bearer $TOKEN" {api}/shadow

ctrl-C stops it; the data stays
""")

    def down(self):
        """Stops what runs, devices first, so that what they sent is stored."""
        if self._build:
            self._build.stop()
        if self._watching:
            self._watching.stop()
        running = [process for process in self.processes() if process.alive()]
        if running:
            print()
            say("stopping " + ", ".join(process.name for process in running))
        for process in running:
            try:
                process.stop(seconds=20)
            except Failed as failed:
                say(str(failed))
        if self._block:
            self._block.release()
        if running:
            say("stopped")
