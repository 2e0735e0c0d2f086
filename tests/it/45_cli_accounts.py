# SPDX-License-Identifier: Apache-2.0
"""Who the commands speak as: tokens, accounts, signing in, and what is made beside the server."""

import json
import os
import secrets
import stat
import subprocess

import pytest
from parts import thingd


def new_key():
    return "u" + secrets.token_hex(4)


@pytest.fixture(autouse=True)
def no_pause(stack):
    """What failed in one test slows down none of the next."""
    yield
    stack.db.execute("delete from sign_in_failure")


@pytest.fixture
def local(stack):
    """Runs thingd with the server's configuration."""
    config = os.path.join(stack.stack.dir, "thingd-1.conf")

    def run(*arguments, status=0):
        done = subprocess.run([thingd.program(), *arguments, "--config", config], capture_output=True, text=True, timeout=60,
                              check=False)
        assert done.returncode == status, (arguments, done.returncode, done.stderr)
        return done

    return run


def sign_in(stack, user, password, status=201):
    answer = stack.door.post(stack.stack.http + "/api/v1/session", json={"account": user, "password": password})
    assert answer.status_code == status, answer.text
    return answer.json()


# Beside the server


def test_the_first_token_is_made_in_the_database(cli, local, stack):
    token = local("token", "create", "--local", "--role", "viewer", "--name", "first").stdout.strip()
    assert cli.run("whoami", "--token", token, "--json").json["name"] == "first"
    [made] = [t for t in cli.run("token", "list", "--role", "viewer", "--all", "--json").items if t["name"] == "first"]
    assert made["created_by"] == "command line"
    [entry] = cli.run("audit", "list", "--action", "tokens:create", "--target", str(made["id"]), "--json").items
    assert entry["actor"]["name"] == "command line" and token not in json.dumps(entry)
    assert "goes with --local" in local("token", "create", status=2).stderr
    assert "takes --name, --role" in local("token", "create", "--local", "--product", "x", status=2).stderr


def test_the_first_administrator_gets_a_password_once(cli, local, stack):
    user = new_key()
    password = local("user", "bootstrap", "--name", user).stdout.strip()
    assert len(password) == 20
    session = sign_in(stack, user, password)
    assert session["must_change_password"] and "accounts:create" in session["permissions"]
    done = local("user", "bootstrap", "--name", user)
    assert done.stdout == "" and done.stderr == ""
    sign_in(stack, user, password)
    assert stack.value("select password from account where key = %s", user).startswith("$argon2id$")
    assert len(cli.run("audit", "list", "--action", "accounts:bootstrap", "--target", user, "--json").items) == 1


def test_an_administrator_who_is_locked_out_gets_back_in(cli, local, stack):
    user = new_key()
    old = local("user", "bootstrap", "--name", user).stdout.strip()
    cli.run("user", "update", user, "--no-roles", "--name", "Ann")
    cli.run("user", "disable", user)
    for _ in range(8):
        stack.door.post(stack.stack.http + "/api/v1/session", json={"account": user, "password": "wrong"})
    new = local("user", "bootstrap", "--name", user, "--reset").stdout.strip()
    assert new != old and sign_in(stack, user, new)["must_change_password"]
    shown = cli.run("user", "show", user, "--json").json
    assert shown["roles"] == [{"role": "admin", "product": None}] and shown["enabled"] and shown["name"] == "Ann"
    sign_in(stack, user, old, 401)


@pytest.mark.parametrize("name", ["", "Admin", "a b", "-x", "a" * 129, "ü"])
def test_a_name_that_is_none_makes_no_account(local, name):
    done = local("user", "bootstrap", "--name", name, status=2)
    assert "an account's name" in done.stderr and done.stdout == ""


def test_a_database_that_is_away_is_told(tmp_path):
    config = tmp_path / "thingd.conf"
    config.write_text("database.url = postgres://nobody@127.0.0.1:1/nothing\n")
    for arguments in (["user", "bootstrap"], ["token", "create", "--local"]):
        done = subprocess.run([thingd.program(), *arguments, "--config", str(config)], capture_output=True, text=True,
                              timeout=60, check=False)
        assert done.returncode == 1 and "connection to server" in done.stderr and done.stdout == ""


# Accounts and tokens


def test_an_account_is_made_changed_and_deleted(cli, stack, make_product):
    user, product = new_key(), make_product()
    done = cli.run("user", "create", user, "--name", "Ann", "--role", "viewer", "--role", f"operator:{product}")
    assert "shown this once" in done.err and f"operator:{product}, viewer" in done.out
    password = next(line.split()[1] for line in done.lines if line.startswith("password "))
    assert sign_in(stack, user, password)["must_change_password"]
    cli.run("user", "update", user, "--role", "viewer")
    assert cli.run("user", "show", user, "--json").json["roles"] == [{"role": "viewer", "product": None}]
    cli.run("user", "disable", user)
    sign_in(stack, user, password, 401)
    assert user in [a["key"] for a in cli.run("user", "list", "--disabled", "--all", "--json").items]
    cli.run("user", "enable", user)
    cli.run("user", "delete", user, "--yes")
    assert f"there is no user {user}" in cli.run("user", "show", user, status=3).err
    assert "There is no role nope" in cli.run("user", "create", new_key(), "--role", "nope", status=5).err


def test_a_lost_password_is_set_anew(cli, stack):
    user = new_key()
    cli.run("user", "create", user)
    token = cli.run("user", "reset", user).out.strip()
    done = cli.run("password", "--reset-token", token, input="a quite new password\n", env={"THINGD_TOKEN": None})
    assert done.out == "the password is changed\n"
    assert not sign_in(stack, user, "a quite new password")["must_change_password"]
    cli.run("password", "--reset-token", token, input="another new password\n", status=4)


def test_a_password_is_changed(cli, stack):
    user = new_key()
    first = cli.run("user", "create", user, "--json").json["password"]
    cli.run("password", "--user", user, input=f"{first}\na quite new password\n", env={"THINGD_TOKEN": None})
    sign_in(stack, user, "a quite new password")
    assert "one that everybody tries" in cli.run(
        "password", "--user", user, input="a quite new password\npassword12\n", status=6).err


def test_a_token_is_scoped_listed_and_revoked(cli, make_product, make_device):
    product, other = make_product(), make_device()
    token = cli.run("token", "create", "--name", "one", "--role", "viewer", "--product", product, "--expires",
                    "2100-01-01").out.strip()
    assert [p["key"] for p in cli.run("product", "list", "--all", "--json", "--token", token).items] == [product]
    cli.run("device", "show", f"{other.product}/{other.key}", "--token", token, status=3)
    assert "products:create" in cli.run("product", "create", "x", "--token", token, status=4).err
    [made] = [t for t in cli.run("token", "list", "--all", "--json").items if t["products"] == [product]]
    cli.run("token", "revoke", str(made["id"]), "--yes")
    assert "does not take the token" in cli.run("whoami", "--token", token, status=4).err
    assert "there is no token 0" in cli.run("token", "revoke", "0", "--yes", status=3).err


# Signing in


@pytest.fixture
def administrator(cli):
    user = new_key()
    return user, cli.run("user", "create", user, "--role", "admin", "--json").json["password"]


NO_TOKEN = {"THINGD_TOKEN": None, "THINGD_SERVER": None}


def test_signing_in_keeps_a_token_for_its_user_alone(cli, stack, administrator):
    user, given = administrator
    done = cli.run("login", "--server", stack.stack.http, "--user", user, "--role", "viewer", "--days", "2",
                   input=f"{given}\nmy very own password\n", env=NO_TOKEN)
    path = cli.path(".config", "thingd", "cli.json")
    assert path in done.out and "choose one of your own" in done.err
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600 and stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o700
    kept = open(path).read()
    assert "my very own password" not in kept and given not in kept
    assert cli.run("whoami", env=NO_TOKEN).lines[0] == f"server       {stack.stack.http}"
    assert "products:create" in cli.run("product", "create", "x", env=NO_TOKEN, status=4).err
    assert stack.value("select count(*) from session s join account a on a.id = s.account_id where a.key = %s", user) == 0
    assert "thingd token revoke" in cli.run("logout", env=NO_TOKEN).err
    assert "No token is set" in cli.run("whoami", env={"THINGD_TOKEN": None}, status=4).err
    cli.run("logout", env=NO_TOKEN, status=3)


def test_a_kept_token_goes_to_its_own_server_only(cli, stack, administrator):
    import socket
    user, given = administrator
    cli.run("login", "--server", stack.stack.http, "--user", user, input=f"{given}\nmy very own password\n", env=NO_TOKEN)
    with socket.create_server(("127.0.0.1", 0)) as s:
        command = subprocess.Popen(cli.argv("whoami", "--server", f"http://127.0.0.1:{s.getsockname()[1]}"),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=cli.env(**NO_TOKEN))
        with s.accept()[0] as peer:
            request = peer.recv(65536).decode()
        command.wait(timeout=60)
    assert request.startswith("GET /api/v1/session ") and "authorization" not in request.lower()


def test_a_file_of_tokens_that_others_may_read_is_refused(cli, stack):
    cli.run("login", "--server", stack.stack.http, "--with-token", input=stack.stack.admin_token + "\n", env=NO_TOKEN)
    cli.run("whoami", env=NO_TOKEN)
    os.chmod(cli.path(".config", "thingd", "cli.json"), 0o640)
    assert "chmod 600" in cli.run("whoami", env=NO_TOKEN, status=1).err
    cli.run("whoami")  # which needs no file
    os.chmod(cli.path(".config", "thingd", "cli.json"), 0o600)
    with open(cli.path(".config", "thingd", "cli.json"), "w") as f:
        f.write("{")
    assert "is not a file of `thingd login`" in cli.run("whoami", env=NO_TOKEN, status=1).err


def test_profiles_stand_side_by_side(cli, stack):
    for name in ("one", "two"):
        token = cli.run("token", "create", "--name", name, "--role", "viewer").out
        cli.run("login", "--profile", name, "--server", stack.stack.http + "/", "--with-token", input=token, env=NO_TOKEN)
    assert cli.run("whoami", "--profile", "one", "--json", env=NO_TOKEN).json["name"] == "one"
    assert cli.run("whoami", "--profile", "two", "--json").json["name"] == "two"  # whatever the environment says
    assert cli.run("whoami", "--json", env={**NO_TOKEN, "THINGD_PROFILE": "two"}).json["name"] == "two"
    assert 'no profile "three"' in cli.run("whoami", "--profile", "three", env=NO_TOKEN, status=2).err


def test_signing_in_that_fails_keeps_nothing(cli, stack, administrator):
    user, given = administrator
    assert "Wrong credentials" in cli.run("login", "--user", user, input="wrong\n", status=4).err
    assert "nothing was given" in cli.run("login", "--user", user, input="", status=1).err
    assert "does not take the token" in cli.run("login", "--with-token", input="thg_nonsense\n", status=4).err
    viewer = new_key()
    password = cli.run("user", "create", viewer, "--role", "viewer", "--json").json["password"]
    err = cli.run("login", "--user", viewer, input=f"{password}\nmy very own password\n", status=4).err
    assert "may not make such a token" in err and "--with-token" in err
    assert not os.path.exists(cli.path(".config"))
