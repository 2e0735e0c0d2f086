# SPDX-License-Identifier: Apache-2.0
"""A private stack: PostgreSQL, broker nodes and thingd instances on loopback, in a folder and a port block of its own.

Instance K of thingd stands beside broker node K; instances past the last node share the database only.
"""

import json
import os
import secrets
import shutil

from . import broker, ports, postgres, redis, thingd
from .process import Failed, PortTaken

MAX_NODES = 4  # what fits into one block of ports
STATE = "stack.json"


class Stack:
    """Made by up(), ended by down(). Belongs to one process, the keeper, which is the parent of all parts."""

    def __init__(self, folder, broker_binary, nodes=1, instances=1, workers=2, settings=None, env=None, with_redis=False):
        self.folder = folder
        self.broker_binary = broker_binary
        self.nodes = nodes
        self.instances = max(instances, nodes)
        self.workers = workers
        self.settings = settings or {}
        self.env = env or {}
        self.block = None
        self.with_redis = with_redis
        self.cluster = None
        self.redis = None
        self.brokers = []
        self.thingds = []
        self.state = {}

    def up(self):
        taken = set()
        while True:
            self.block = ports.reserve(skip=taken)
            try:
                self._up()
                return
            except PortTaken:
                taken.add(self.block.base)
                self._end_processes()
                self.cluster.remove()
                self.brokers, self.thingds = [], []
                if len(taken) == 5:
                    raise
            except BaseException:
                self._end_processes()
                raise

    def _path(self, *names):
        return os.path.join(self.folder, *names)

    def _up(self):
        self.cluster = postgres.Cluster(self._path("postgres"), self.block.take(), self._path("postgres.log"))
        self.cluster.create()
        self.cluster.start()
        database = self.cluster.ensure_database("thingd", secrets.token_hex(16))
        self._describe(database)
        if self.redis:
            self.redis.start()
        first = self.thingds[0]
        first.command("migrate")
        admin_token = first.command("token", "create", "--local", "--name", "bootstrap", "--role", "admin").strip()
        for number, node in enumerate(self.brokers):
            self.thingds[number].command("broker-config", "--out", self._path(f"broker-{number + 1}"))
            node.start()
        for instance in self.thingds:
            instance.start()
        for node in self.brokers:
            node.wait()
        for instance in self.thingds:
            instance.wait(ready=self.nodes > 0)
        self._write_state(database, admin_token)

    def _describe(self, database):
        """Gives each part its ports, tokens and files. Nothing runs yet."""
        take = self.block.take
        self._hook_tokens = [secrets.token_hex(16) for _ in range(max(self.nodes, 1))]
        nodes = [{"mqtt": take(), "api": take(), "grpc": take(), "raft": take()} for _ in range(self.nodes)]
        self._listen = [{"http": take(), "hook": take()} for _ in range(self.instances)]
        apis = [node["api"] for node in nodes] or [take()]  # without a broker: a port where nobody answers
        api_token = secrets.token_hex(16)
        common = {
            "home": broker.REPOSITORY,
            "workers": self.workers,
            "log.level": "info",
            "database.url": database,
            "hook.tokens": ",".join(f"{k}:plain:{token}" for k, token in enumerate(self._hook_tokens, 1)),
            "broker.nodes": ",".join(f"{k}=http://127.0.0.1:{port}" for k, port in enumerate(apis, 1)),
            "broker.api_token": api_token,
            "secrets.key_file": self._path("master.key"),
            "files.dir": self._path("files"),
        }
        if self.with_redis:
            self.redis = redis.Redis("redis", self._path("redis"), take(), secrets.token_hex(16),
                                     self._path("redis.log"))
            common["redis.url"] = self.redis.url
        if self.nodes > 1:
            common["broker.peers"] = ",".join(
                f"{k}=127.0.0.1:{n['grpc']}/127.0.0.1:{n['raft']}" for k, n in enumerate(nodes, 1))
        binary = thingd.program()
        self.thingds = []
        for number in range(self.instances):
            listen = self._listen[number]
            conf = dict(common, **{"http.listen": f"127.0.0.1:{listen['http']}",
                                   "hook.listen": f"127.0.0.1:{listen['hook']}"})
            if number < self.nodes:
                node = nodes[number]
                conf.update({"broker.node": number + 1,
                             "broker.mqtt_listen": f"127.0.0.1:{node['mqtt']}",
                             "broker.http_listen": f"127.0.0.1:{node['api']}",
                             "broker.data_dir": self._path(f"broker-{number + 1}", "data")})
            conf.update(self.settings)
            name = f"thingd-{number + 1}"
            self.thingds.append(thingd.Thingd(name, binary, self._path(f"{name}.conf"), conf, listen["http"],
                                              self.folder, self._path(f"{name}.log"), self.env))
        self.brokers = []
        for number, node in enumerate(nodes, 1):
            folder = self._path(f"broker-{number}")
            os.makedirs(folder, exist_ok=True)
            self.brokers.append(broker.Broker(f"broker-{number}", self.broker_binary, folder, node["mqtt"],
                                              node["api"], api_token, self._path(f"broker-{number}.log")))

    def _write_state(self, database, admin_token):
        instances = [{"http": f"http://127.0.0.1:{listen['http']}",
                      "hook": f"http://127.0.0.1:{listen['hook']}/hook/{self._token(number)}",
                      "config": instance.config}
                     for number, (listen, instance) in enumerate(zip(self._listen, self.thingds))]
        nodes = [{"mqtt": f"mqtt://127.0.0.1:{node.mqtt}", "api": f"http://127.0.0.1:{node.api}",
                  "api_token": node.api_token} for node in self.brokers]
        self.state = {
            "dir": self.folder,
            "http": instances[0]["http"],
            "hook": instances[0]["hook"],
            "mqtt": nodes[0]["mqtt"] if nodes else None,
            "mqtts": None,
            "admin_token": admin_token,
            "database": database,
            "hook_token": self._token(0),
            "instances": instances,
            "nodes": nodes,
            "redis": self.redis.url if self.redis else None,
        }
        self.save()

    def _token(self, instance):
        return self._hook_tokens[min(instance, len(self._hook_tokens) - 1)]

    def save(self):
        """Keeps stack.json true: the pids change with every start."""
        self.state["pids"] = {"keeper": os.getpid(), **{name: part.process.pid for name, part in self.parts().items()}}
        path = self._path(STATE)
        fd = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(fd, "w") as f:
            json.dump(self.state, f, indent=2)
        os.replace(path + ".new", path)

    def parts(self):
        """name -> part; `thingd` and `broker` alone are the first of their kind."""
        named = {"postgres": self.cluster} if self.cluster else {}
        if self.redis:
            named["redis"] = self.redis
        for kind, members in (("broker", self.brokers), ("thingd", self.thingds)):
            for number, member in enumerate(members, 1):
                named[kind if number == 1 else f"{kind}-{number}"] = member
        return named

    def _part(self, name):
        parts = self.parts()
        if name not in parts:
            raise Failed(f"no part {name!r} in this stack; it has {', '.join(parts)}")
        return parts[name]

    def start(self, name):
        part = self._part(name)
        part.start()
        if part in self.brokers:
            part.wait()
        elif part in self.thingds:
            part.wait(ready=self.cluster.process.alive() and self.nodes > 0)
        self.save()

    def stop(self, name):
        """Returns the exit status."""
        status = self._part(name).process.stop()
        self.save()
        return status

    def kill(self, name):
        self._part(name).process.kill()
        self.save()

    def down(self, keep=False):
        """Ends all and deletes the folder. Fails when a thingd did not end well by itself; all is gone even then."""
        problems = []
        for instance in self.thingds:
            try:
                instance.process.end()
            except Failed as failed:
                problems.append(str(failed))
        self._end_processes()
        if not keep:
            if self.cluster:
                self.cluster.remove()
            shutil.rmtree(self.folder, ignore_errors=True)
        if problems:
            raise Failed("\n".join(problems))

    def _end_processes(self):
        for part in reversed(self.parts().values()):
            part.process.kill()
        if self.block:
            self.block.release()
            self.block = None
