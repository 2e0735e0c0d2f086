# SPDX-License-Identifier: Apache-2.0
"""A private PostgreSQL cluster: made once in a folder, run as a child process, on loopback and a private socket.

initdb refuses root: as root the folder belongs to, and the server runs as, the package's user postgres.
"""

import glob
import hashlib
import os
import pwd
import shutil
import signal
import subprocess

from .process import Failed, Process, wait_until

OWNER = "postgres"

# Sized for two cores shared with thingd and a load generator. Durable: what COMMIT answered is on the disk.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_permissions": "0700",
    "max_connections": 100,
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_buffers": "16MB",
    "wal_compression": "lz4",
    "min_wal_size": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": 1.1,
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u ",
    # In the data folder instead of /dev/shm, where a killed server would leave it behind.
    "dynamic_shared_memory_type": "mmap",
}


def program(name):
    """The path of a server program; Debian keeps them outside PATH."""
    found = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), key=lambda p: float(p.split("/")[4]))
    path = found[-1] if found else shutil.which(name)
    if not path:
        raise Failed(f"PostgreSQL's {name} is missing: run `make deps`")
    return path


class Cluster:
    """`folder` is the cluster's own (made here); `port` is on 127.0.0.1; `settings` go before SETTINGS."""

    def __init__(self, folder, port, log, settings=None):
        self.folder = folder
        self.port = port
        self.settings = {**SETTINGS, **(settings or {})}
        self.data = os.path.join(folder, "data")
        self.sockets = _socket_folder(folder)
        self.user = OWNER if os.geteuid() == 0 else None
        self.process = Process("postgres", [program("postgres"), "-D", self.data], log, cwd=folder,
                               env=self._env(), user=self.user, stop_signal=signal.SIGINT)

    def _env(self):
        return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def _own(self, path):
        os.makedirs(path, mode=0o700, exist_ok=True)
        owners = {os.geteuid()} | ({pwd.getpwnam(self.user).pw_uid} if self.user else set())
        if os.path.islink(path) or os.stat(path).st_uid not in owners:
            raise Failed(f"{path} belongs to somebody else")
        if self.user:
            shutil.chown(path, self.user, self.user)

    def _run(self, argv, **options):
        as_user = {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}
        done = subprocess.run(argv, capture_output=True, text=True, cwd=self.folder, env=self._env(),
                              **as_user, **options)
        if done.returncode:
            raise Failed(f"{os.path.basename(argv[0])} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def exists(self):
        return os.path.exists(os.path.join(self.data, "PG_VERSION"))

    def create(self):
        """Makes the cluster when the folder has none; a half-made one (interrupted initdb) is made anew."""
        self._own(self.folder)
        self._own(self.sockets)
        if self.exists():
            return
        fresh = self.data + ".new"
        shutil.rmtree(fresh, ignore_errors=True)
        self._run([program("initdb"), "-D", fresh, "-U", OWNER, "--encoding=UTF8", "--locale=C.UTF-8",
                   "--auth-local=trust", "--auth-host=scram-sha-256", "--no-instructions"])
        os.rename(fresh, self.data)

    def start(self):
        with open(os.path.join(self.data, "postgresql.auto.conf"), "w") as conf:
            settings = dict(self.settings, port=self.port, unix_socket_directories=self.sockets)
            conf.writelines(f"{key} = '{value}'\n" for key, value in settings.items())
        self.process.start()
        wait_until("starting PostgreSQL", self._ready, 60, [self.process])

    def _ready(self):
        """As pg_ctl does it: the last line of the pid file says ready."""
        try:
            with open(os.path.join(self.data, "postmaster.pid")) as f:
                lines = f.read().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and int(lines[0]) == self.process.pid and lines[7].strip() == "ready"

    def sql(self, text, database="postgres"):
        """Runs SQL as the superuser, by the private socket; returns the rows as psql prints them unaligned."""
        return self._run([shutil.which("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.sockets,
                          "-p", str(self.port), "-U", OWNER, "-d", database, "-f", "-"], input=text)

    def ensure_database(self, name, password):
        """A database and its owner, both called `name`; returns the URI to connect with."""
        self.sql(f"""
            select 'create role {name} login' where not exists (select from pg_roles where rolname = '{name}') \\gexec
            alter role {name} password '{password}';
            grant pg_monitor, pg_signal_backend to {name};
            select 'create database {name} owner {name}'
             where not exists (select from pg_database where datname = '{name}') \\gexec
        """)
        return f"postgresql://{name}:{password}@127.0.0.1:{self.port}/{name}"

    def remove(self):
        """Deletes the (stopped) cluster, with the shared memory that a killed server leaves to its next start."""
        try:
            with open(os.path.join(self.data, "postmaster.pid")) as f:
                segment = f.read().splitlines()[6].split()[1]
            subprocess.run(["ipcrm", "-m", segment], stderr=subprocess.DEVNULL, check=False)
        except (FileNotFoundError, IndexError):
            pass
        shutil.rmtree(self.sockets, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def _socket_folder(folder):
    """Inside the folder, unless its name is too long for a socket's address."""
    inside = os.path.join(folder, "socket")
    if len(inside) < 80:
        return inside
    return f"/tmp/thingd-{hashlib.sha256(folder.encode()).hexdigest()[:12]}"


def new_data_folder(name):
    """A folder where the server's user may go, whoever we are: /var/tmp/NAME, reachable but not listable."""
    path = os.path.join("/var/tmp", name)
    os.makedirs(path, exist_ok=True)
    if os.path.islink(path) or os.stat(path).st_uid != os.geteuid():
        raise Failed(f"{path} belongs to somebody else")
    os.chmod(path, 0o711)
    return path
