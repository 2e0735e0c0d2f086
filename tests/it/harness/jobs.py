# SPDX-License-Identifier: Apache-2.0
"""Imports, actions and exports as a client does them."""

import contextlib
import csv
import hashlib
import io
import json

import httpx

from .wait import PATIENCE, wait_until

CSV = {"content-type": "text/csv"}


def client(platform, role, products=None, instance=0):
    """A client with a token of that role."""
    token = platform.call("POST", "/api/v1/tokens", {"name": "jobs", "role": role, "products": products}, 201)["token"]
    return httpx.Client(base_url=platform.stack.instances[instance]["http"], timeout=PATIENCE, trust_env=False,
                        headers={"authorization": f"Bearer {token}"})


def start(one, path, status=202, **options):
    answer = one.post("/api/v1" + path, **options)
    assert answer.status_code == status, (answer.status_code, answer.text)
    return answer.json()


def job(one, id):
    answer = one.get(f"/api/v1/jobs/{id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def over(one, started, timeout=PATIENCE):
    """The job, once it is over."""
    return wait_until(lambda: (now := job(one, started["id"]))["state"] in ("done", "failed", "canceled") and now,
                      timeout, lambda: f"the end of {job(one, started['id'])}")


def importing(one, content, kind="text/csv", **params):
    """Imports a file and returns the job that is over."""
    params = {name: str(value).lower() if isinstance(value, bool) else value for name, value in params.items()}
    content = content.encode() if isinstance(content, str) else content
    return over(one, start(one, "/devices/import", params=params, content=content, headers={"content-type": kind}))


def rows(one, job, **params):
    """All rows of a job's report."""
    out, cursor = [], None
    while True:
        answer = one.get(f"/api/v1/jobs/{job['id']}/rows", params={**params, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.text
        out += answer.json()["items"]
        cursor = answer.json()["next_cursor"]
        if not cursor:
            return out


def act(one, action, selection, **members):
    return over(one, start(one, "/devices/actions", json={"action": action, "selection": selection, **members}))


def exported(one, what, **members):
    """The file that an export made, as text."""
    made = over(one, start(one, "/exports", json={"what": what, **members}))
    assert made["state"] == "done", made
    answer = one.get(f"/api/v1/jobs/{made['id']}/file")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    return answer.text


def table(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def upload(one, content, name="file", parts=None, sha256=None, finish=True):
    """Uploads bytes in parts; `parts` are the numbers to send (default: all). Returns the upload."""
    made = one.post("/api/v1/uploads", json={
        "name": name, "size": len(content), "sha256": sha256 or hashlib.sha256(content).hexdigest()})
    assert made.status_code == 201, made.text
    made = made.json()
    for number in parts or range(1, made["part_count"] + 1):
        answer = put(one, made, number, content)
        assert answer.status_code == 204, answer.text
    if finish:
        answer = one.post(f"/api/v1/uploads/{made['id']}/finish")
        assert answer.status_code == 200, answer.text
        made = answer.json()
    return made


def put(one, made, number, content):
    part = content[(number - 1) * made["part_size"]:number * made["part_size"]]
    return one.put(made["part_url"].format(part=number), content=part, headers={"content-type": "application/octet-stream"})


@contextlib.contextmanager
def slow_steps(platform, seconds=0.05):
    """Each step that writes devices takes at least so long: PostgreSQL sleeps before it."""
    platform.db.execute(f"""
        create function slow_step() returns trigger language plpgsql as
            $$ begin perform pg_sleep({seconds}); return null; end $$;
        create trigger slow_step before insert or update or delete on device
            for each statement execute function slow_step();""")
    try:
        yield
    finally:
        platform.db.execute("drop trigger slow_step on device; drop function slow_step()")
