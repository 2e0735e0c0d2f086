# SPDX-License-Identifier: Apache-2.0
"""Jobs while things break: kill -9 in the middle, a clean stop, PostgreSQL away, two instances; uploads in parts."""

import hashlib
import secrets
import time

import pytest
from harness import jobs
from harness.jobs import lines, rows, table, upload


@pytest.fixture
def mark():
    return "k" + secrets.token_hex(4)


@pytest.fixture(scope="module")
def platform(module_stack):
    """No broker: nothing connects here."""
    return module_stack(nodes=0)


@pytest.fixture(scope="module")
def pair(module_stack):
    return module_stack(nodes=0, instances=2)


def begin_import(platform, product, mark, count):
    text = "key,name\n" + "".join(f"{mark}-{n},n{n}\n" for n in range(count))
    return jobs.start(platform.api, "/devices/import", params={"product": product}, content=text, headers=jobs.CSV)


def in_the_middle(platform, started):
    jobs.wait_until(lambda: jobs.job(platform.api, started["id"])["done"] > 0, message="the first step")


def expire_lease(platform, started):
    """The time of a run that died is up; else it would take half a minute."""
    platform.rows("update job set claimed_until = now() where id = %s and state = 'running' returning id", started["id"])


def assert_whole(platform, done, mark, count):
    assert (done["state"], done["done"], done["failed"]) == ("done", count, 0)
    assert done["counts"] == {"created": count}
    assert [(row["number"], row["key"], row["outcome"]) for row in rows(platform.api, done, limit=1000)] == [
        (n + 1, f"{mark}-{n}", "created") for n in range(count)]
    assert platform.value("select count(*) from device where key ^@ %s", mark + "-") == count
    assert platform.value("select count(*) from device_key k join device d on d.id = k.device_id where d.key ^@ %s", mark) == count
    assert platform.value("select count(*) from audit where action = 'devices:create' and target ^@ %s", mark) == count
    answer = platform.api.post(f"/api/v1/jobs/{done['id']}/credentials")
    assert [row["client_id"] for row in table(answer.text)] == [f"{mark}-{n}" for n in range(count)]


def test_an_import_goes_on_after_kill_9(platform, mark):
    product = platform.make_product()
    with jobs.slow_steps(platform, 0.1):
        started = begin_import(platform, product, mark, 3000)
        for _ in range(3):
            in_the_middle(platform, started)
            platform.stack.kill("thingd")
            platform.stack.start("thingd")
            expire_lease(platform, started)
        done = jobs.over(platform.api, started)
    assert_whole(platform, done, mark, 3000)


def test_a_clean_stop_hands_the_job_over_at_once(platform, mark):
    product = platform.make_product()
    with jobs.slow_steps(platform, 0.1):
        started = begin_import(platform, product, mark, 3000)
        in_the_middle(platform, started)
        platform.stack.stop("thingd")
        row = platform.rows("select state, claim, attempts from job where id = %s", started["id"])[0]
        assert (row["state"], row["claim"], row["attempts"]) == ("queued", None, 0)
        platform.stack.start("thingd")
        done = jobs.over(platform.api, started)
    assert_whole(platform, done, mark, 3000)


def test_a_job_outlives_postgresql_being_away(platform, mark):
    product = platform.make_product()
    with jobs.slow_steps(platform, 0.1):
        started = begin_import(platform, product, mark, 3000)
        in_the_middle(platform, started)
        platform.stack.kill("postgres")
        platform.stack.start("postgres")
        jobs.wait_until(lambda: platform.api.get("/api/v1/jobs").status_code == 200, message="the database")
        expire_lease(platform, started)
        done = jobs.over(platform.api, started)
    assert_whole(platform, done, mark, 3000)


def test_a_job_whose_every_run_dies_ends(platform, mark):
    started = begin_import(platform, platform.make_product(), mark, 10)
    jobs.over(platform.api, started)
    platform.db.execute("update job set state = 'running', claim = 'x', claimed_until = now(), attempts = 10, finished_at = null"
                        " where id = %s", [started["id"]])
    done = jobs.over(platform.api, started)
    assert (done["state"], done["error"]["code"]) == ("failed", "internal")


def test_an_export_taken_over_is_whole(platform):
    product = platform.make_product()
    platform.db.execute("insert into device (product_id, key) select id, key || '-x' || n from product,"
                        " generate_series(1, 30000) n where key = %s", [product])
    started = jobs.start(platform.api, "/exports", json={
        "what": "devices", "format": "jsonl", "selection": {"filter": {"product": product}}})
    in_the_middle(platform, started)
    platform.stack.kill("thingd")
    platform.stack.start("thingd")
    expire_lease(platform, started)
    done = jobs.over(platform.api, started)
    assert (done["state"], done["done"]) == ("done", 30000)
    items = lines(platform.api.get(f"/api/v1/jobs/{done['id']}/file").text)
    assert len({item["key"] for item in items}) == len(items) == 30000


def test_two_instances_share_the_jobs_and_do_each_once(pair, mark):
    product = pair.make_product()
    with jobs.slow_steps(pair, 0.05), jobs.client(pair, "integrator", instance=1) as second:
        made = []
        for k in range(6):
            one = (pair.api, second)[k % 2]
            text = "key\n" + "".join(f"{mark}-{k}-{n}\n" for n in range(700))
            made.append((one, jobs.start(one, "/devices/import", params={"product": product}, content=text, headers=jobs.CSV)))
        for one, started in made:
            done = jobs.over(one, started)
            assert (done["state"], done["counts"]) == ("done", {"created": 700})
    assert pair.value("select count(*) from device where key ^@ %s", mark) == 4200


def test_a_run_that_lost_its_job_commits_nothing_more(pair, mark):
    product = pair.make_product()
    with jobs.slow_steps(pair, 0.4):
        started = begin_import(pair, product, mark, 2000)
        in_the_middle(pair, started)
        expire_lease(pair, started)  # while the first run goes on
        done = jobs.over(pair.api, started)
    assert_whole(pair, done, mark, 2000)


# ---- uploads ----

def test_a_large_import_comes_in_parts_in_any_order(platform, mark):
    product = platform.make_product()
    pad = "x" * 190
    content = ("key,name\n" + "".join(f"{mark}-{n},{pad}\n" for n in range(45000))).encode()
    with jobs.client(platform, "integrator") as one:
        made = upload(one, content, parts=[2], finish=False)
        assert (made["part_size"], made["part_count"], made["ready"]) == (8 << 20, 2, False)
        path = f"/api/v1/uploads/{made['id']}"
        assert one.post(path + "/finish").json()["code"] == "upload_incomplete"
        platform.stack.kill("thingd")
        platform.stack.start("thingd")
        assert one.get(path).json()["parts"] == [2]
        assert jobs.put(one, made, 1, content).status_code == jobs.put(one, made, 1, content).status_code == 204
        assert one.get(path).json()["parts"] == [1, 2]
        assert one.post("/api/v1/devices/import", params={"format": "csv", "upload": made["id"]}).json()["code"] == "upload_incomplete"
        assert one.post(path + "/finish").json()["ready"] is True
        assert jobs.put(one, made, 1, content).json()["code"] == "conflict"
        before, started_at = platform.resident_kib(), time.monotonic()
        done = jobs.over(one, jobs.start(one, "/devices/import", params={
            "format": "csv", "upload": made["id"], "product": product}), 300)
        assert done["counts"] == {"created": 45000}, done
        print(f"45,000 devices in {time.monotonic() - started_at:.1f} s, {platform.resident_kib() - before} KiB more")
        assert len(table(one.post(f"/api/v1/jobs/{done['id']}/credentials").text)) == 45000
        assert one.delete(path).status_code == 204 and one.get(path).status_code == 404


@pytest.mark.parametrize("number", [0, 3, "x", -1, 1 << 70])
def test_a_part_that_cannot_be_is_refused(platform, number):
    made = upload(platform.api, b"y" * (8 << 20) + b"z", finish=False)
    answer = platform.api.put(f"/api/v1/uploads/{made['id']}/parts/{number}", content=b"z",
                              headers={"content-type": "application/octet-stream"})
    assert answer.status_code == 404


def test_an_upload_is_what_it_was_said_to_be(platform):
    made = upload(platform.api, b"abc", finish=False, sha256=hashlib.sha256(b"abd").hexdigest())
    answer = platform.api.post(f"/api/v1/uploads/{made['id']}/finish")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    short = platform.api.put(made["part_url"].format(part=1), content=b"ab", headers={"content-type": "application/octet-stream"})
    assert (short.status_code, short.json()["code"]) == (409, "conflict")
    assert jobs.put(platform.api, made, 1, b"abd").status_code == 204
    assert platform.api.post(f"/api/v1/uploads/{made['id']}/finish").json()["ready"] is True


def test_uploads_are_their_owners_and_expire(platform, wait_until):
    made = upload(platform.api, b"abc")
    with jobs.client(platform, "admin") as other:
        path = f"/api/v1/uploads/{made['id']}"
        assert other.get(path).status_code == 404 and other.delete(path).status_code == 404
        assert other.get("/api/v1/uploads").json()["items"] == []
        assert jobs.put(other, made, 1, b"abc").status_code == 404
        refused = other.post("/api/v1/devices/import", params={"format": "csv", "upload": made["id"]})
        assert refused.json()["code"] == "unknown_reference"
    assert made["id"] in [u["id"] for u in platform.call("GET", "/api/v1/uploads")["items"]]
    row = platform.rows("select f.id, f.name from stored_file f join upload u on u.file_id = f.id where u.key = %s", made["id"])[0]
    platform.db.execute("update stored_file set expires_at = now() where id = %s", [row["id"]])
    assert platform.api.get(path).status_code == 404
    wait_until(lambda: platform.value("select count(*) from stored_file where id = %s", row["id"]) == 0, 100, "the sweep")


def test_the_store_has_caps(fresh_stack):
    platform = fresh_stack(nodes=0, settings={"files.max_bytes": 3 << 20, "files.owner_bytes": 2 << 20})
    with jobs.client(platform, "integrator") as one, jobs.client(platform, "integrator") as other:
        def promise(who, size):
            return who.post("/api/v1/uploads", json={"size": size, "sha256": "0" * 64})

        assert promise(one, 2 << 20).status_code == 201
        refused = promise(one, 1)
        assert (refused.status_code, refused.json()["code"]) == (409, "storage_full")
        assert promise(other, (1 << 20) + 1).json()["code"] == "storage_full"
        assert promise(other, 1 << 20).status_code == 201
        answer = platform.api.post("/api/v1/devices/import", content="key\nx\n", headers=jobs.CSV)
        assert answer.json()["code"] == "storage_full"


def test_without_a_folder_nothing_is_taken(fresh_stack):
    platform = fresh_stack(nodes=0, settings={"files.dir": ""})
    for path, options in (("/uploads", {"json": {"size": 1, "sha256": "0" * 64}}), ("/exports", {"json": {"what": "devices"}}),
                          ("/devices/import", {"content": "key\n", "headers": jobs.CSV})):
        answer = platform.api.post("/api/v1" + path, **options)
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert "files.dir" in answer.json()["detail"]
    assert platform.api.get("/api/v1/devices/export").status_code == 200
