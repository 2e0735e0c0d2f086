# SPDX-License-Identifier: Apache-2.0
"""Scripts that are put in force whenever one of their files is saved: a `thingd lua watch` for each folder of
var/products."""

import os
import shutil

from parts.process import Failed, Process, clean_env


class Watching:
    """`products` holds the folders, which are shown as seen from `root`; a copy of `example` is made among them when there is none."""

    def __init__(self, program, root, products, example, server, token_file, logs):
        self.program = program
        self.root = root
        self.products = products
        self.example = example
        self.connection = ["--server", server, "--token", "@" + token_file]
        self.logs = logs
        self._processes = []
        self._read = {}

    def start(self):
        """The names of the folders."""
        demo = os.path.join(self.products, os.path.basename(self.example))
        if not os.path.exists(demo):
            shutil.copytree(self.example, demo)
        names = sorted(name for name in os.listdir(self.products)
                       if os.path.isfile(os.path.join(self.products, name, "init.lua")))
        for name in names:
            log = os.path.join(self.logs, f"watch-{name}.log")
            folder = os.path.relpath(os.path.join(self.products, name), self.root)
            process = Process(f"watch {name}", [self.program, "lua", "watch", folder, *self.connection], log,
                              cwd=self.root, env=clean_env())
            self._read[log] = os.path.getsize(log) if os.path.exists(log) else 0
            process.start()
            self._processes.append(process)
        return names

    def news(self):
        """Whole lines that were written since the last time."""
        lines = []
        for log, at in self._read.items():
            with open(log, "rb") as f:
                f.seek(at)
                text, end, _ = f.read().rpartition(b"\n")
            self._read[log] += len(text) + len(end)
            lines += text.decode(errors="replace").splitlines()
        return lines

    def stop(self):
        for process in self._processes:
            try:
                process.stop(seconds=5)
            except Failed:
                pass  # it was killed: it holds nothing
