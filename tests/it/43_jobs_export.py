# SPDX-License-Identifier: Apache-2.0
"""Devices and what they reported as files: form, ranges, cells that would be formulas, who may see what."""

import json

import pytest
from harness import hooks, jobs
from harness.jobs import exported, importing, lines, table


@pytest.fixture(scope="module")
def platform(module_stack):
    """No broker: nothing connects here."""
    return module_stack(nodes=0)


@pytest.fixture
def fleet(platform):
    """A product with three devices that reported: (product, devices)."""
    product = platform.make_product()
    devices = [platform.make_device(product, name=f"=cmd|' /C calc'!A{n}", attributes={"n": n}) for n in range(3)]
    for n, device in enumerate(devices):
        platform.accept(*(hooks.property_post(device, {"t": k - 1.5, "text": "@SUM(A1)\n\"x\""}, time=1_000_000 * k)
                          for k in range(n + 1)))
        platform.accept(hooks.event_post(device, "alarm", {"level": n}))
    return product, devices


def fill(platform, product, devices, rows):
    """Devices with so many reports each, straight into the database."""
    platform.db.execute(
        "insert into device (product_id, key) select id, key || '-x' || n from product, generate_series(1, %s) n"
        " where key = %s", [devices, product])
    platform.db.execute(
        "insert into property_history select d.id, now() - interval '1 hour' + n * interval '1 second', gen_random_uuid(), now(),"
        " 0, 0, jsonb_build_object('n', n) from device d join product p on p.id = d.product_id, generate_series(1, %s) n"
        " where p.key = %s", [rows, product])


def test_devices_as_csv_can_be_imported_again(platform, fleet):
    product, devices = fleet
    text = exported(platform.api, "devices", selection={"filter": {"product": product}})
    seen = table(text)
    assert [row["key"] for row in seen] == [d.key for d in devices]
    assert [row["name"] for row in seen] == [f"'=cmd|' /C calc'!A{n}" for n in range(3)]
    assert [json.loads(row["attributes"]) for row in seen] == [{"n": n} for n in range(3)]
    assert {row["product"] for row in seen} == {product} and {row["source"] for row in seen} == {"manual"}
    again = importing(platform.api, text, mode="upsert", dry_run=True)
    assert again["counts"] == {"updated": 3}  # the name, which is a text now
    named = exported(platform.api, "devices", selection={"keys": [devices[1].key, "no-such"]}, format="jsonl")
    [item] = lines(named)
    assert item == platform.call("GET", devices[1].path)


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_cells_that_begin_like_a_formula_do_not_any_more(platform, first):
    device = platform.make_device(name=first + "1+1")
    platform.accept(hooks.property_post(device, {"text": first + "x", "number": -5, first + "name": True}))
    selection = {"keys": [device.key]}
    assert table(exported(platform.api, "devices", selection=selection))[0]["name"] == "'" + first + "1+1"
    [row] = table(exported(platform.api, "history", selection=selection, properties=["text", "number", first + "name"]))
    assert (row["text"], row["number"], row["'" + first + "name"]) == ("'" + first + "x", "-5", "true")


def test_history_as_csv_and_lines(platform, fleet):
    product, devices = fleet
    selection = {"filter": {"product": product}}
    rows = table(exported(platform.api, "history", selection=selection, properties=["t", "text", "none"]))
    assert [(row["device"], row["t"]) for row in rows] == [
        (d.key, str(k - 1.5)) for n, d in enumerate(devices) for k in range(n + 1)]
    assert {row["text"] for row in rows} == {"'@SUM(A1)\n\"x\""} and {row["none"] for row in rows} == {""}
    whole = table(exported(platform.api, "history", selection=selection))
    assert json.loads(whole[0]["params"]) == {"t": -1.5, "text": "@SUM(A1)\n\"x\""}
    items = lines(exported(platform.api, "history", selection=selection, format="jsonl", properties=["t"]))
    assert [(i["product"], i["device"], i["params"]) for i in items] == [
        (product, d.key, {"t": k - 1.5}) for n, d in enumerate(devices) for k in range(n + 1)]
    stored = platform.history(devices[2])
    cut = exported(platform.api, "history", selection={"keys": [devices[2].key]}, format="jsonl",
                   **{"from": rfc(stored[1]["ts"]), "to": rfc(stored[2]["ts"])})
    assert [i["params"]["t"] for i in lines(cut)] == [-0.5]


def rfc(ms):
    from harness.charts import rfc3339
    return rfc3339(ms)


def test_events_are_filtered_by_type(platform, fleet):
    product, devices = fleet
    platform.accept(hooks.event_post(devices[0], "other", {}))
    selection = {"filter": {"product": product}}
    rows = table(exported(platform.api, "events", selection=selection, type="alarm"))
    assert [(row["device"], row["type"], json.loads(row["params"])) for row in rows] == [
        (d.key, "alarm", {"level": n}) for n, d in enumerate(devices)]
    assert len(lines(exported(platform.api, "events", selection=selection, format="jsonl"))) == 4


def test_many_rows_come_each_once_and_in_order(platform):
    product = platform.make_product()
    fill(platform, product, 700, 60)
    items = lines(exported(platform.api, "history", selection={"filter": {"product": product}}, format="jsonl"))
    assert len(items) == 42000
    wanted = platform.rows("select d.key from device d join product p on p.id = d.product_id where p.key = %s order by d.id", product)
    assert [(i["device"], i["params"]["n"]) for i in items] == [(row["key"], n) for row in wanted for n in range(1, 61)]
    seen = table(exported(platform.api, "devices", selection={"filter": {"product": product}}))
    assert [row["key"] for row in seen] == [row["key"] for row in wanted]


def test_nothing_found_is_a_file_of_its_first_line(platform, fleet):
    selection = {"keys": ["no-such"]}
    assert exported(platform.api, "history", selection=selection) == "product,device,time,received_at,params\n"
    assert exported(platform.api, "events", selection=selection, format="jsonl") == ""


def test_a_role_for_one_product_sees_that_one_only(platform, fleet):
    product, devices = fleet
    theirs = platform.make_device(name="theirs")
    platform.accept(hooks.property_post(theirs, {"secret": 1}))
    with jobs.client(platform, "viewer", [product]) as one:
        for what in ("devices", "history", "events"):
            text = exported(one, what, format="jsonl")
            assert theirs.key not in text and devices[0].key in text
            assert exported(one, what, format="jsonl", selection={"keys": [theirs.key]}) == ""
        answer = one.get("/api/v1/devices/export")
        assert answer.status_code == 200 and theirs.key not in answer.text and devices[0].key in answer.text


def test_one_permission_is_not_another(platform):
    platform.call("POST", "/api/v1/roles", {"key": "exporter", "permissions": ["jobs:export", "jobs:read", "history:read"]}, 201)
    with jobs.client(platform, "exporter") as one:
        assert one.post("/api/v1/exports", json={"what": "devices"}).status_code == 403
        assert one.get("/api/v1/devices/export").status_code == 403
        assert one.post("/api/v1/exports", json={"what": "history"}).status_code == 202


def test_the_list_of_devices_comes_straight_into_the_answer(platform):
    product = platform.make_product()
    fill(platform, product, 2500, 0)
    answer = platform.api.get("/api/v1/devices/export", params={"product": product})
    assert answer.status_code == 200 and len(table(answer.text)) == 2500
    assert answer.headers["content-disposition"] == 'attachment; filename="devices.csv"'
    items = lines(platform.api.get("/api/v1/devices/export", params={"product": product, "format": "jsonl"}).text)
    assert [i["key"] for i in items] == [row["key"] for row in table(answer.text)]
    assert platform.api.head("/api/v1/devices/export").status_code == 200
    assert platform.api.get("/api/v1/devices/export", params={"online": "maybe"}).status_code == 400


def test_a_client_that_leaves_in_the_middle_harms_nobody(platform, wait_until):
    product = platform.make_product()
    fill(platform, product, 20000, 0)
    for _ in range(5):
        with platform.api.stream("GET", "/api/v1/devices/export", params={"product": product}) as answer:
            next(answer.iter_bytes(1000))
    assert platform.call("GET", "/api/v1/devices", params={"product": product, "limit": 1})["items"]


def test_the_file_is_kept_for_a_day_and_then_gone(platform, fleet, wait_until):
    made = jobs.over(platform.api, jobs.start(platform.api, "/exports", json={"what": "devices"}))
    assert made["has_file"] and made["counts"]["bytes"] > 0
    row = platform.rows("select f.* from stored_file f join job j on j.output_id = f.id where j.id = %s", made["id"])[0]
    assert row["bytes"] == made["counts"]["bytes"]
    platform.db.execute("update stored_file set expires_at = now() - interval '1 second' where id = %s", [row["id"]])
    assert platform.api.get(f"/api/v1/jobs/{made['id']}/file").status_code == 404
    wait_until(lambda: platform.value("select count(*) from stored_file where id = %s", row["id"]) == 0, 100, "the sweep")
    assert not jobs.job(platform.api, made["id"])["has_file"]


@pytest.mark.parametrize("body", [
    {}, {"what": "everything"}, {"what": "devices", "from": "2026-01-01T00:00:00Z"}, {"what": "history", "type": "x"},
    {"what": "events", "properties": ["x"]}, {"what": "history", "format": "xml"}, {"what": "history", "selection": {}},
    {"what": "history", "from": "yesterday"}, {"what": "history", "properties": []},
])
def test_an_export_of_the_wrong_form_is_refused(platform, body):
    assert platform.api.post("/api/v1/exports", json=body).status_code == 422
