# SPDX-License-Identifier: Apache-2.0
"""On a terminal, and in the shells that complete what is typed there."""

import contextlib
import fcntl
import os
import pty
import re
import secrets
import select
import struct
import subprocess
import termios
import time

import pytest
from parts import thingd


class Terminal:
    """A program on a pseudo terminal of its own, which is its controlling terminal."""

    def __init__(self, argv, env, columns=80, cwd=None):
        self.seen = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            with contextlib.suppress(OSError):
                os.chdir(cwd or "/")
                os.execve(argv[0], argv, env)
            os._exit(127)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))

    def type(self, text):
        os.write(self.fd, text.encode())

    def _read(self, deadline):
        ready, _, _ = select.select([self.fd], [], [], max(0, deadline - time.monotonic()))
        try:
            got = os.read(self.fd, 65536) if ready else None
        except OSError:
            got = b""  # its end
        if got:
            self.seen += got.decode(errors="replace")
        return got

    def expect(self, pattern, timeout=30):
        """Waits until it stands at the end of what was not yet expected; returns the match."""
        deadline = time.monotonic() + timeout
        while not (found := re.search(pattern, self.seen)):
            assert self._read(deadline), (pattern, self.seen)
        self.seen = self.seen[found.end():]
        return found

    def finish(self, timeout=30):
        """Reads to its end; returns what was left and the exit status."""
        deadline = time.monotonic() + timeout
        while (got := self._read(deadline)) != b"":
            assert got is not None, self.seen
        _, status = os.waitpid(self.pid, 0)
        return self.seen.replace("\r\n", "\n"), os.waitstatus_to_exitcode(status)

    def echoes(self):
        return bool(termios.tcgetattr(self.fd)[3] & termios.ECHO)


@pytest.fixture
def terminal(cli):
    made = []

    def start(*arguments, columns=80, env=None, argv=None):
        environment = cli.env(**{"TERM": "xterm", **(env or {})})
        made.append(Terminal(argv or cli.argv(*arguments), environment, columns, cli.home))
        return made[-1]

    yield start
    for one in made:
        os.close(one.fd)


# Tables


def test_a_table_is_cut_to_the_terminal_and_has_a_bold_head(terminal, stack, make_product):
    product = make_product()
    stack.call("PATCH", f"/api/v1/products/{product}", {"name": "温室" * 60})
    out, status = terminal("product", "list", "--q", product, columns=90).finish()
    head, row = out.splitlines()
    assert status == 0 and head.startswith("\x1b[1mPRODUCT") and "…" in row
    assert len(row) + row.count("温") + row.count("室") <= 90


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_can_be_declined(terminal, env):
    out, _ = terminal("product", "list", env=env).finish()
    assert "\x1b" not in out


def test_nothing_is_coloured_or_cut_where_there_is_no_terminal(cli, stack, make_product):
    product = make_product()
    stack.call("PATCH", f"/api/v1/products/{product}", {"name": "n" * 200})
    out = cli.run("product", "list", "--q", product).out
    assert "\x1b" not in out and "n" * 200 in out


# Questions


def test_what_cannot_be_undone_is_asked_for(terminal, cli, make_product):
    product = make_product()
    asked = terminal("product", "delete", product)
    asked.expect(rf"Delete product {product}\? \[y/N\] ")
    asked.type("\n")
    out, status = asked.finish()
    assert status == 1 and "nothing was done" in out
    cli.run("product", "show", product)
    asked = terminal("product", "delete", product)
    asked.expect(r"\[y/N\] ")
    asked.type("y\n")
    assert asked.finish()[1] == 0
    cli.run("product", "show", product, status=3)


def test_a_password_is_not_seen_and_the_terminal_is_as_before(terminal, cli):
    user = "u" + secrets.token_hex(4)
    password = cli.run("user", "create", user, "--role", "admin", "--json").json["password"]
    asked = terminal("login", "--role", "viewer")
    asked.expect("User: ")
    asked.type(user + "\n")
    asked.expect("Password: ")
    assert not asked.echoes()
    asked.type(password + "\n")
    asked.expect("New password: ")
    asked.type("my very own password\n")
    asked.expect("The same again: ")
    asked.type("my very own password\n")
    out, status = asked.finish()
    assert status == 0 and "signed in" in out
    assert password not in out and "very own" not in out


def test_a_question_that_is_left_leaves_the_terminal_as_it_was(terminal):
    asked = terminal(argv=["/bin/sh", "-c", f'trap : INT; "{thingd.program()}" login --user x; echo left; read line'])
    asked.expect("Password: ")
    assert not asked.echoes()
    asked.type("\x03")
    asked.expect("left")
    assert asked.echoes()
    asked.type("\n")
    asked.finish()


# Completion


def words(cli, *typed, **env):
    return [line.split("\t")[0] for line in cli.run("completion", "words", "--", *typed, env=env).lines]


def test_commands_options_and_choices_are_completed(cli):
    assert words(cli, "prod") == ["product"]
    assert words(cli, "product", "") == ["list", "show", "create", "update", "delete"]
    assert words(cli, "device", "list", "--on") == ["--online"]
    assert words(cli, "--json", "device", "list", "--online", "--on") == []
    assert words(cli, "product", "list", "--sort", "-n") == ["-name"]
    assert words(cli, "product", "list", "--sort=-n") == ["--sort=-name"]
    assert words(cli, "lua", "test", "") == [":files"] and words(cli, "serve", "--config", "") == [":files"]
    assert words(cli, "help", "token", "rev") == ["revoke"]
    assert words(cli, "sim", "") == ["demo", "load"] and words(cli, "nonsense", "") == []


def test_keys_that_the_server_knows_are_completed(cli, identity):
    assert words(cli, "device", "show", identity.key[:-1]) == [identity.key]
    assert identity.product in words(cli, "device", "list", "--product", identity.product[:-1])
    assert words(cli, "device", "show", identity.key, THINGD_TOKEN=None) == []
    assert words(cli, "device", "show", identity.key, THINGD_SERVER="http://127.0.0.1:1") == []


def on_path(cli):
    return cli.env(PATH=os.path.dirname(thingd.program()) + os.pathsep + os.environ["PATH"], TERM="dumb")


def test_bash_completes(cli):
    script = """source <(thingd completion bash)
        COMP_WORDS=(thingd product l); COMP_CWORD=2; _thingd thingd l product; echo "${COMPREPLY[@]}"
        COMP_WORDS=(thingd product show nowhere); COMP_CWORD=3; _thingd thingd nowhere show; echo "${#COMPREPLY[@]}"
        complete -p thingd"""
    done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True, env=on_path(cli), check=False)
    assert done.stdout == "list\n0\ncomplete -F _thingd thingd\n", done.stderr


def test_fish_completes(cli):
    script = "thingd completion fish | source; complete -C 'thingd prod'; complete -C 'thingd token '"
    done = subprocess.run(["fish", "--no-config", "-c", script], capture_output=True, text=True, env=on_path(cli), check=False)
    assert done.stdout.splitlines()[0] == "product\tProducts: kinds of devices, with the settings these share", done.stderr
    assert {line.split("\t")[0] for line in done.stdout.splitlines()[1:]} == {"list", "create", "revoke"}


def test_zsh_completes(cli, terminal):
    shell = terminal(argv=["/usr/bin/zsh", "-f", "-i"], env={**on_path(cli), "PS1": "ready> ", "TERM": "dumb"})
    shell.expect("ready> ")
    shell.type("autoload -Uz compinit && compinit -u -D && source <(thingd completion zsh) && echo loa''ded\n")
    shell.expect("loaded")
    shell.type("thingd dead-l\t")
    shell.expect("dead-letter ")
    shell.type("summ\t")
    shell.expect("summary ")
    shell.type("\x15exit\n")  # the line is emptied
    shell.finish()
