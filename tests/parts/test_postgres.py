# SPDX-License-Identifier: Apache-2.0
"""The private cluster: durable, password-protected, restartable after kill -9, gone when removed."""

import os
import secrets
import shutil
import socket
import subprocess

import psycopg
import pytest

from . import ports, postgres
from .process import Failed, PortTaken


@pytest.fixture
def block():
    block = ports.reserve()
    yield block
    block.release()


@pytest.fixture
def cluster(block):
    folder = postgres.new_data_folder(f"thingd-test-{secrets.token_hex(4)}")
    cluster = postgres.Cluster(os.path.join(folder, "postgres"), block.take(), os.path.join(folder, "log"))
    cluster.create()
    yield cluster
    cluster.process.kill()
    cluster.remove()
    shutil.rmtree(folder)


def test_data_survives_kill_and_restart(cluster):
    cluster.start()
    uri = cluster.ensure_database("thingd", "secret")
    with psycopg.connect(uri, autocommit=True) as db:
        db.execute("create table t as select 42 as answer")
    cluster.process.kill()
    cluster.start()
    assert cluster.ensure_database("thingd", "secret") == uri
    with psycopg.connect(uri) as db:
        assert db.execute("select answer from t").fetchone() == (42,)
        assert db.execute("show fsync").fetchone() == ("on",)
        assert db.execute("show synchronous_commit").fetchone() == ("on",)
    assert cluster.process.stop() == 0


def test_create_again_keeps_the_data(cluster):
    cluster.start()
    cluster.sql("create table t as select 1 as n")
    cluster.process.stop()
    cluster.create()
    cluster.start()
    assert cluster.sql("select n from t").strip() == "1"


def test_loopback_asks_for_the_password(cluster):
    cluster.start()
    uri = cluster.ensure_database("thingd", "secret")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(uri.replace("secret", "wrong"))


def test_sql_error_is_told(cluster):
    cluster.start()
    with pytest.raises(Failed, match="no_such_table"):
        cluster.sql("select * from no_such_table")


def test_taken_port(cluster):
    with socket.create_server(("127.0.0.1", cluster.port)), pytest.raises(PortTaken):
        cluster.start()


def test_remove_leaves_nothing(cluster):
    cluster.start()
    with open(os.path.join(cluster.data, "postmaster.pid")) as f:
        segment = f.read().splitlines()[6].split()[1]
    cluster.process.kill()
    cluster.remove()
    assert not os.path.exists(cluster.folder)
    listed = subprocess.run(["ipcs", "-m"], capture_output=True, text=True, check=True).stdout
    assert segment not in [line.split()[1] for line in listed.splitlines() if line.startswith("0x")]
