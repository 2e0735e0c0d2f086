# SPDX-License-Identifier: Apache-2.0
"""Devices out of files: what is taken, what is refused and how it says so, credentials, who may."""

import json
import secrets

import pytest
from harness import jobs, password
from harness.jobs import importing, rows, table


@pytest.fixture(scope="module")
def platform(module_stack):
    """No broker: nothing connects here."""
    return module_stack(nodes=0)


@pytest.fixture
def product(platform):
    return platform.make_product()


@pytest.fixture
def mark():
    return "i" + secrets.token_hex(4)


def device(platform, product, key):
    return platform.call("GET", f"/api/v1/products/{product}/devices/{key}")


def outcomes(one, job):
    return [(row["number"], row["key"], row["outcome"], row["code"]) for row in rows(one, job)]


def test_csv_makes_devices_with_credentials_that_are_shown_once(platform, product, mark):
    text = (f"\ufeffkey,name,tags,enabled,attributes.site,parameters.limit,attributes.iccid\r\n"
            f'{mark}-1,"Pump, ""north"" \nhall",a b;c,true,Köln,-2.5,0049001\r\n'
            f"{mark}-2,,,false,,high,\r\n\r\n{mark}-3,,,,,,")
    done = importing(platform.api, text, product=product)
    assert (done["state"], done["total"], done["done"], done["failed"], done["counts"]) == ("done", 3, 3, 0, {"created": 3})
    assert done["product"] == product and done["has_credentials"]
    first = device(platform, product, f"{mark}-1")
    assert first["name"] == 'Pump, "north" \nhall' and first["tags"] == ["a", "b", "c"] and first["source"] == "import"
    assert first["attributes"] == {"site": "Köln", "iccid": "0049001"} and first["parameters"] == {"limit": -2.5}
    second = device(platform, product, f"{mark}-2")
    assert (second["enabled"], second["attributes"], second["parameters"]) == (False, {}, {"limit": "high"})
    assert [(row["line"], row["number"]) for row in rows(platform.api, done)] == [(2, 1), (4, 2), (6, 3)]

    sealed = platform.rows("select sealed from job_key where job_id = %s", done["id"])
    answer = platform.api.post(f"/api/v1/jobs/{done['id']}/credentials")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"].startswith("attachment") and answer.headers["cache-control"] == "no-store"
    got = table(answer.text)
    assert [(row["username"], row["client_id"]) for row in got] == [(product, f"{mark}-{n}") for n in (1, 2, 3)]
    assert not any(got[0]["secret"].encode() in row["sealed"] for row in sealed)
    word = password.password(f"{mark}-1", got[0]["secret"])
    assert platform.auth(f"{mark}-1", product, word)["result"] == "allow"
    assert platform.api.post(f"/api/v1/jobs/{done['id']}/credentials").status_code == 404
    assert platform.value("select count(*) from job_key where job_id = %s", done["id"]) == 0
    assert not jobs.job(platform.api, done["id"])["has_credentials"]


def test_devices_of_a_product_with_one_key_get_none_of_their_own(platform, mark):
    product, _ = platform.make_fleet()
    done = importing(platform.api, f"key\n{mark}\n", product=product)
    answer = platform.api.post(f"/api/v1/jobs/{done['id']}/credentials")
    assert table(answer.text) == [{"username": product, "client_id": mark, "secret": ""}]
    assert platform.value("select count(*) from device_key k join device d on d.id = k.device_id where d.key = %s", mark) == 0


@pytest.mark.parametrize("form", ["array", "lines"])
def test_json_keeps_every_digit(platform, product, mark, form):
    items = [f'{{"key": "{mark}-{n}", "attributes": {{"n": 12345678901234567890.{n}1, "deep": [{{"a": "}}{{"}}]}}}}'
             for n in range(3)]
    text = "[\n" + ",\n".join(items) + "\n]\n" if form == "array" else "\n".join(items)
    kind = "application/json" if form == "array" else "application/x-ndjson"
    done = importing(platform.api, text, kind, product=product)
    assert done["counts"] == {"created": 3}, rows(platform.api, done)
    stored = platform.value("select attributes ->> 'n' from device where key = %s", f"{mark}-2")
    assert stored == "12345678901234567890.21"
    assert [row["line"] for row in rows(platform.api, done)] == ([2, 3, 4] if form == "array" else [1, 2, 3])


def test_each_bad_row_says_what_is_wrong_and_the_others_go_in(platform, product, mark):
    taken = platform.make_device(product).key
    lines = ["key,enabled,attributes,tags,name", f"{mark}-ok,,,,", f"{taken},,,,", "has blank,,,,", f"{mark}-a,maybe,,,",
             f"{mark}-b,,[1],,", f"{mark}-c,,,a/b,", f"{mark}-d,,", f"{mark}-e,,,,{'x' * 201}", "thingd-x,,,,", ",,,,y",
             f"{mark}-ok,,,,", f'{mark}-f,,"{{""a"":1,""a"":2}}",,', f'{mark}-g,,"{{""a"":""\\u0000""}}",,', f"{mark}-last,,,,"]
    content = "\n".join(lines).encode() + b"\n" + mark.encode() + b"-h,,,,\xff\n"
    done = importing(platform.api, content, product=product)
    assert done["state"] == "done" and done["counts"] == {"created": 2, "error": 13} and done["failed"] == 13
    seen = {row["number"]: row for row in rows(platform.api, done)}
    assert {n: row["code"] for n, row in seen.items()} == {
        1: None, 2: "conflict", 3: "validation_failed", 4: "row_invalid", 5: "row_invalid", 6: "validation_failed",
        7: "row_invalid", 8: "validation_failed", 9: "validation_failed", 10: "validation_failed", 11: "conflict",
        12: "row_invalid", 13: "row_invalid", 14: None, 15: "row_invalid"}
    assert all(row["message"] for row in seen.values() if row["outcome"] == "error")
    assert seen[15]["line"] == 16 and "UTF-8" in seen[15]["message"]
    only = rows(platform.api, done, outcome="created")
    assert [row["key"] for row in only] == [f"{mark}-ok", f"{mark}-last"]
    report = platform.api.get(f"/api/v1/jobs/{done['id']}/report")
    assert [(row["number"], row["code"]) for row in table(report.text)] == [
        (str(n), row["code"] or "") for n, row in sorted(seen.items())]


@pytest.mark.parametrize(("content", "kind", "says"), [
    (b'key\nok-1\n"open\n', "text/csv", "Line 3: A quote is opened"),
    (b'key,name\nok-1,a"b\n', "text/csv", "Line 2: A quote stands inside"),
    (b'key,name\nok-1,"a"b\n', "text/csv", "Line 2: Text follows"),
    (b"key\rok-1\r", "text/csv", "Line 1: A carriage return"),
    (b"key,nonsense\nok-1,1\n", "text/csv", "Line 1: there is no column"),
    (b"key,key\nok-1,1\n", "text/csv", "Line 1: the column key comes twice"),
    (b"name\nok-1\n", "text/csv", "there is no column key"),
    (b"key,attributes,attributes.x\nok-1,,\n", "text/csv", "do not go together"),
    ("key\nok-1\n".encode("utf-16"), "text/csv", "UTF-16"),
    (b"\n\n", "text/csv", "The file is empty"),
    (b'key\n"' + b"x" * (2 << 20), "text/csv", "quote"),
    (b'[{"key": "ok-1"}', "application/json", "not closed"),
    (b'[{"key": "ok-1"}] more', "application/json", "follows the end"),
    (b'[{"key": "ok-1"}, 7]', "application/json", "Each row is an object"),
    (b'{"key": "ok-1"}\n{"key": ', "application/x-ndjson", "Line 2: An object is not closed"),
    (b"nonsense", "application/json", "Line 1: Each row is an object"),
])
def test_a_file_that_cannot_be_read_changes_nothing(platform, product, content, kind, says):
    done = importing(platform.api, content, kind, product=product)
    assert (done["state"], done["error"]["code"], done["done"]) == ("failed", "file_invalid", 0)
    assert says in done["error"]["message"], done["error"]
    assert platform.value("select count(*) from device where key = 'ok-1'") == 0


def test_a_file_of_a_header_alone_makes_nothing(platform, product):
    done = importing(platform.api, "key,name\r\n", product=product)
    assert (done["state"], done["total"], done["counts"]) == ("done", 0, {})


@pytest.mark.parametrize(("text", "params"), [
    ("key;name\n{0};a,b\n", {}), ("key\tname\n{0}\ta,b\n", {}), ("key;name\n{0};a,b\n", {"delimiter": "semicolon"}),
    ('key,name\n{0},"a,b"\n', {"delimiter": "comma"}),
])
def test_the_delimiter_is_found_or_said(platform, product, mark, text, params):
    assert importing(platform.api, text.format(mark), product=product, **params)["counts"] == {"created": 1}
    assert device(platform, product, mark)["name"] == "a,b"


def test_upsert_merges_rows_into_devices_and_says_what_changed(platform, product, mark):
    platform.call("POST", f"/api/v1/products/{product}/devices",
                  {"key": mark, "name": "old", "tags": ["t"], "attributes": {"a": 1, "b": 2}}, 201)
    lines = [{"key": mark, "attributes": {"b": None, "c": {"x": 3}}}, {"key": mark, "name": "old"},
             {"key": mark + "-new", "name": "n"}, {"key": mark, "enabled": False}, {"key": mark, "name": 5}]
    text = "\n".join(json.dumps(line) for line in lines)
    done = importing(platform.api, text, "application/x-ndjson", product=product, mode="upsert")
    assert [row[2] for row in outcomes(platform.api, done)] == ["updated", "unchanged", "created", "updated", "error"]
    now = device(platform, product, mark)
    assert (now["name"], now["tags"], now["attributes"], now["enabled"]) == ("old", ["t"], {"a": 1, "c": {"x": 3}}, False)
    audit = platform.rows("select action, before ->> 'enabled' b, after ->> 'enabled' a, actor from audit"
                          " where target = %s and action <> 'devices:create' order by id", mark)
    assert [(row["action"], row["b"], row["a"]) for row in audit] == [("devices:update", "true", "true"),
                                                                      ("devices:update", "true", "false")]


def test_a_dry_run_says_the_same_and_does_nothing(platform, product, mark):
    taken = platform.make_device(product).key
    lines = [f"{mark}-1", taken, "bad key", f"{mark}-1"] + [f"{mark}-many-{n}" for n in range(300)] + [f"{mark}-1"]
    text = "key\n" + "\n".join(lines) + "\n"
    dry = importing(platform.api, text, product=product, dry_run=True)
    assert dry["counts"] == {"created": 301, "error": 4} and not dry["has_credentials"]
    assert platform.value("select count(*) from device where key ^@ %s", mark) == 0
    real = importing(platform.api, text, product=product)
    assert outcomes(platform.api, real) == outcomes(platform.api, dry)
    assert platform.value("select count(*) from device where key ^@ %s", mark) == 301
    again = importing(platform.api, text, product=product, mode="upsert", dry_run=True)
    assert again["counts"] == {"unchanged": 304, "error": 1}


def test_a_role_for_one_product_imports_into_that_one_only(platform, mark):
    mine, other = platform.make_product(), platform.make_product()
    theirs = platform.make_device(other).key
    with jobs.client(platform, "integrator", [mine]) as one:
        text = f"key,product\n{mark}-1,{mine}\n{mark}-2,{other}\n{mark}-3,no-such\n{theirs},{other}\n{theirs},{mine}\n{mark}-4,\n"
        done = importing(one, text, mode="upsert")
        assert [row[2:] for row in outcomes(one, done)] == [
            ("created", None), ("error", "unknown_reference"), ("error", "unknown_reference"), ("error", "conflict"),
            ("error", "conflict"), ("error", "validation_failed")]
        said = [row["message"] for row in rows(one, done)]
        assert said[1].replace(other, "") == said[2].replace("no-such", "")
        refused = one.post("/api/v1/devices/import", params={"product": other}, content="key\nx\n", headers=jobs.CSV)
        assert refused.status_code == 409 and refused.json()["code"] == "unknown_reference"
    with jobs.client(platform, "operator", [mine]) as one:
        assert one.post("/api/v1/devices/import", content="key\nx\n", headers=jobs.CSV).status_code == 403
    assert platform.value("select count(*) from device where key ^@ %s", mark) == 1


def test_jobs_and_what_they_made_are_their_owners_alone(platform, product, mark):
    with jobs.client(platform, "integrator") as owner, jobs.client(platform, "integrator") as other:
        done = importing(owner, f"key\n{mark}\n", product=product)
        path = f"/api/v1/jobs/{done['id']}"
        assert owner.get(path).status_code == 200
        for suffix in ("", "/rows", "/report", "/file"):
            assert other.get(path + suffix).status_code == 404
        assert other.post(path + "/credentials").status_code == 404 and other.post(path + "/cancel").status_code == 404
        assert done["id"] not in [item["id"] for item in other.get("/api/v1/jobs").json()["items"]]
        assert done["id"] in [item["id"] for item in platform.call("GET", "/api/v1/jobs")["items"]]
        assert platform.api.post(path + "/credentials").status_code == 403  # an admin may look, no more
        assert owner.post(path + "/cancel").json()["code"] == "conflict"
        assert owner.post(path + "/credentials").status_code == 200
    with jobs.client(platform, "admin", [product]) as scoped:
        assert scoped.get(path).status_code == 404  # the job was about all products


def test_rights_that_are_taken_away_end_the_job(platform, product, mark):
    with jobs.slow_steps(platform, 0.2), jobs.client(platform, "integrator") as one:
        text = "key\n" + "".join(f"{mark}-{n}\n" for n in range(2000))
        started = jobs.start(one, "/devices/import", params={"product": product}, content=text, headers=jobs.CSV)
        jobs.wait_until(lambda: jobs.job(one, started["id"])["done"] > 0, message="the first step")
        platform.db.execute("delete from api_token where id = (select subject_id from job where id = %s)", [started["id"]])
        done = jobs.over(platform.api, started)
    assert (done["state"], done["error"]["code"]) == ("failed", "forbidden")
    assert 0 < done["done"] < 2000 and platform.value("select count(*) from device where key ^@ %s", mark) == done["done"]


@pytest.mark.parametrize(("params", "headers", "content", "status"), [
    ({}, {"content-type": "application/octet-stream"}, b"key\n", 415),
    ({"mode": "replace"}, jobs.CSV, b"key\n", 400),
    ({"delimiter": "|"}, jobs.CSV, b"key\n", 400),
    ({"product": "no-such"}, jobs.CSV, b"key\n", 409),
    ({"upload": "0" * 32, "format": "csv"}, {}, b"", 409),
    ({"format": "csv"}, {}, b"", 409),
    ({}, {"content-type": "text/plain"}, b"key\n", 415),
])
def test_a_request_of_the_wrong_form_is_refused(platform, params, headers, content, status):
    assert platform.api.post("/api/v1/devices/import", params=params, headers=headers, content=content).status_code == status


def test_credentials_nobody_fetches_and_old_jobs_go(platform, product, mark, wait_until):
    done = importing(platform.api, f"key\n{mark}\n", product=product)
    old = importing(platform.api, f"key\n{mark}-2\n", product=product)
    platform.db.execute("update job set finished_at = now() - interval '25 hours' where id = %s", [done["id"]])
    platform.db.execute("update job set finished_at = now() - interval '31 days' where id = %s", [old["id"]])
    wait_until(lambda: platform.value("select count(*) from job_key where job_id = %s", done["id"]) == 0
               and platform.value("select count(*) from job where id = %s", old["id"]) == 0, 100, "the sweep")
    assert platform.api.post(f"/api/v1/jobs/{done['id']}/credentials").status_code == 404
