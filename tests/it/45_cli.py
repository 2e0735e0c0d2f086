# SPDX-License-Identifier: Apache-2.0
"""The commands of people and scripts, run as they run them."""

import http.server
import os
import secrets
import socket
import ssl
import subprocess
import threading

import pytest
from harness.certificates import Authority


def new_key():
    return "c-" + secrets.token_hex(4)


# Products: the form of all commands, shown on the first ones


def test_a_product_is_made_shown_changed_listed_and_deleted(cli):
    key = new_key()
    made = cli.run("product", "create", key, "--name", "Grüße 温室", "--set", "validation=reject", "--set",
                   "auto_provision.enabled=false", "--json").json
    assert made["key"] == key and made["settings"] == {"validation": "reject", "auto_provision": {"enabled": False}}
    shown = cli.run("product", "show", key)
    assert f"key                              {key}" in shown.lines
    assert "settings.validation              reject" in shown.lines
    changed = cli.run("product", "update", key, "--unset", "validation", "--disable", "--description", "x", "--json").json
    assert changed["settings"] == {"auto_provision": {"enabled": False}} and changed["enabled"] is False
    head, row = cli.run("product", "list", "--q", key).lines
    assert head.split() == ["PRODUCT", "NAME", "ENABLED", "AUTH", "CREATED"] and row.split()[0] == key
    assert head.index("ENABLED") == row.index("no") + 2  # two characters take two cells each
    assert cli.run("product", "delete", key, "--yes").out == f"deleted product {key}\n"
    assert cli.run("product", "show", key, status=3).err == (
        f"thingd: there is no product {key}, or the token may not see it\n")


def test_settings_come_from_a_file_and_from_standard_input(cli, tmp_path):
    (tmp_path / "settings.json").write_text('{"retention_days": 7}')
    key = new_key()
    assert cli.run("product", "create", key, "--settings", "@settings.json", "--json").json["settings"] == {"retention_days": 7}
    done = cli.run("product", "update", key, "--settings", "-", "--json", input='{"payload_limit": 100}')
    assert done.json["settings"] == {"retention_days": 7, "payload_limit": 100}
    cli.run("product", "update", key, "--settings", "@nowhere.json", status=1)
    assert "is not JSON" in cli.run("product", "update", key, "--settings", "{", status=2).err


# What goes wrong


def test_all_faults_of_a_body_are_named(cli):
    err = cli.run("product", "create", new_key(), "--set", "validation=maybe", "--set", "nonsense=1", status=6).err
    assert "/settings/validation: must be one of off, warn, reject" in err and "/settings/nonsense: is not known" in err


def test_a_key_that_is_taken_is_a_conflict(cli):
    key = new_key()
    cli.run("product", "create", key)
    assert "already exists" in cli.run("product", "create", key, status=5).err


@pytest.mark.parametrize(("arguments", "told"), [
    (["prodct"], 'Did you mean "product"?'), (["product", "lst"], 'Did you mean "list"?'),
    (["product", "list", "--limt", "3"], 'Did you mean "--limit"?'), (["product", "list", "extra"], 'what is "extra"?'),
    (["product", "show"], "PRODUCT is missing"), (["product", "show", ""], "PRODUCT is empty"),
    (["product", "list", "--limit", "x"], "wants a whole number"), (["product", "list", "--limit", "0"], "at least 1"),
    (["product", "list", "--all", "--limit", "3"], "either --all or --limit"),
    (["product", "list", "--csv", "--json"], "either --json or --csv"), (["product", "list", "--limit"], "wants a value"),
    (["product", "list", "--sort", "size"], "is one of"), (["product", "update", "x"], "nothing to change"),
    (["product", "delete", "x"], "add --yes"), (["--wrong"], "no option"), (["help", "wrong"], "no command"),
])
def test_wrong_arguments_are_told_before_anything_is_asked(cli, arguments, told):
    done = cli.run(*arguments, status=2, env={"THINGD_SERVER": "http://127.0.0.1:1"})
    assert told in done.err and done.out == ""


def test_no_command_at_all_shows_what_there_is(cli):
    done = subprocess.run(cli.argv(), capture_output=True, text=True, env=cli.env(), check=False)
    assert done.returncode == 2 and done.stdout == "" and "usage: thingd COMMAND" in done.stderr


def test_a_server_that_is_not_there_is_told_from_one_that_refuses(cli):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{s.getsockname()[1]}"
        assert "Is the server running" in cli.run("product", "list", "--server", nobody, status=7).err
    assert "does not take the token" in cli.run("product", "list", "--token", "thg_wrong", status=4).err
    assert "No token is set" in cli.run("product", "list", status=4, env={"THINGD_TOKEN": None}).err
    for bad in ("nonsense", "ftp://host", "http://", "http://a/b", "http://a b"):
        assert "is no address" in cli.run("product", "list", "--server", bad, status=2).err


def test_a_server_that_is_none_of_ours_is_told(cli):
    with socket.create_server(("127.0.0.1", 0)) as s:
        command = subprocess.Popen(cli.argv("product", "list", "--server", f"http://127.0.0.1:{s.getsockname()[1]}"),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=cli.env())
        with s.accept()[0] as peer:
            peer.recv(65536)
            peer.sendall(b"HTTP/1.1 404 Not Found\r\ncontent-length: 6\r\nconnection: close\r\n\r\n<html>")
        out, err = command.communicate(timeout=60)
    assert command.returncode == 1 and out == "" and "not as thingd does" in err


# Where to


def test_the_token_may_stand_in_a_file(cli, stack, tmp_path):
    (tmp_path / "token").write_text(stack.stack.admin_token + "\n")
    cli.run("product", "list", "--token", "@token", env={"THINGD_TOKEN": None})
    cli.run("product", "list", env={"THINGD_TOKEN": "@token"})
    (tmp_path / "empty").write_text("\n")
    assert "holds no token" in cli.run("product", "list", "--token", "@empty", status=2).err
    assert "cannot read" in cli.run("product", "list", "--token", "@nowhere", status=1).err


class Secure(http.server.BaseHTTPRequestHandler):
    """Enough of an API to be told from none."""

    def do_GET(self):
        body = b'{"items":[],"next_cursor":null}'
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def secure(tmp_path):
    """An https server whose certificate comes from an authority of its own: (address, authority's certificate)."""
    authority = Authority(str(tmp_path), "authority")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.server())
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Secure) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"https://127.0.0.1:{server.server_port}", authority.certificate
        server.shutdown()
        thread.join()


def test_a_server_has_to_prove_who_it_is(cli, secure, tmp_path):
    address, authority = secure
    err = cli.run("product", "list", "--server", address, status=1).err
    assert "does not prove who it is" in err and "--ca FILE" in err
    cli.run("product", "list", "--server", address, "--ca", authority)
    cli.run("product", "list", "--server", address, env={"THINGD_CA": authority})
    other = Authority(str(tmp_path), "other")
    cli.run("product", "list", "--server", address, "--ca", other.certificate, status=1)
    cli.run("product", "list", "--server", address, "--ca", "/nowhere.pem", status=1)


# What is printed


def test_lists_go_page_by_page_and_end_where_told(cli, stack):
    mark = secrets.token_hex(4)
    keys = [f"{mark}-{i:03}" for i in range(205)]
    for key in keys:
        stack.make_product(key)
    assert [item["key"] for item in cli.run("product", "list", "--q", mark, "--all", "--json").items] == keys
    done = cli.run("product", "list", "--q", mark)
    assert len(done.lines) == 101 and "the first 100; --all or --limit N shows more" in done.err
    done = cli.run("product", "list", "--q", mark, "--limit", "203", "--csv")
    assert len(done.lines) == 204 and done.err == ""
    assert cli.run("product", "list", "--q", mark, "--limit", "2", "--sort", "-key", "--json").items[1]["key"] == keys[-2]


def test_a_reader_that_has_enough_ends_it_without_a_word(cli):
    script = '"$0" product list --all --json | head -c 1'
    done = subprocess.run(["sh", "-c", script, *cli.argv()], capture_output=True, text=True, env=cli.env(), check=False)
    assert done.returncode == 0 and done.stdout == "{" and done.stderr == ""


def test_output_that_cannot_be_written_is_an_error(cli):
    with open("/dev/full", "w") as full:
        done = subprocess.run(cli.argv("product", "list"), stdout=full, stderr=subprocess.PIPE, text=True, env=cli.env(),
                              check=False)
    assert done.returncode == 1 and "cannot write" in done.stderr


def test_names_command_neither_terminal_nor_spreadsheet(cli):
    key = new_key()
    cli.run("product", "create", key, "--name", "=1+1\x1b[2J\u202e", "--description", "a\nb")
    assert "=1+1<1B>[2J<202E>" in cli.run("product", "list", "--q", key).out
    assert "a<0A>b" in cli.run("product", "show", key).out
    rows = cli.run("product", "list", "--q", key, "--csv").lines
    assert rows[1].startswith(f"{key},'=1+1")
    done = cli.run("product", "show", key, "--json")
    assert "\x1b" not in done.out and "\u202e" not in done.out and done.json["name"] == "=1+1\x1b[2J\u202e"


# Help


def commands_below(cli, *words):
    """All commands, as help lists them."""
    for section in ("Commands:\n", "Things, against a running server:\n", "More:\n"):
        _, _, listed = cli.run("help", *words).out.partition(section)
        for line in listed.partition("\n\n")[0].splitlines():
            if line.startswith("  ") and line[2] != " ":
                yield (*words, line.split()[0])
                yield from commands_below(cli, *words, line.split()[0])


def test_everything_has_a_help_text(cli):
    whole = cli.run("help").out
    assert "Exit status:" in whole and cli.run("--help").out == whole
    for program in ("serve", "migrate", "check-config", "broker-config", "doctor", "sim"):
        text = cli.run(program, "--help").out
        assert f"usage: thingd {program}" in text and cli.run("help", program).out == text
    for words in commands_below(cli):
        told = cli.run(*words, "--help").out
        assert told == cli.run("help", *words).out and f"usage: thingd {' '.join(words)}" in told
        assert all(len(line) < 100 for line in told.splitlines()), told


def test_help_needs_no_server_and_no_home(cli):
    cli.run("help", "product", env={"HOME": None, "THINGD_SERVER": None, "THINGD_TOKEN": None})
    assert os.listdir(cli.home) == []
