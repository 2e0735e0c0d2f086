-- SPDX-License-Identifier: Apache-2.0
--
-- Writes the planned rows of one step of an import: new devices with their keys, changes of those
-- that are there. See api.jobs.import_rows for the items.
local db = require "thing.db"
local devices = require "api.resources.devices"
local jsonio = require "thing.jsonio"
local store = require "api.jobs.store"

local M = {}

local INSERT = [[
    insert into device (product_id, key, name, tags, attributes, parameters, enabled, source)
    select u.product_id, u.b ->> 'key', coalesce(u.b ->> 'name', ''),
        array(select jsonb_array_elements_text(u.b -> 'tags')),
        coalesce(u.b -> 'attributes', '{}'), coalesce(u.b -> 'parameters', '{}'),
        coalesce((u.b ->> 'enabled')::boolean, true), 'import'
    from unnest($1::bigint[], $2::jsonb[]) u(product_id, b)
    on conflict (key) do nothing returning id, key]]

local UPDATE = [[
    update device t set name = coalesce(u.b ->> 'name', ''),
        tags = array(select jsonb_array_elements_text(u.b -> 'tags')),
        attributes = coalesce(u.b -> 'attributes', '{}'),
        parameters = coalesce(u.b -> 'parameters', '{}'),
        enabled = coalesce((u.b ->> 'enabled')::boolean, true), rev = rev + 1, updated_at = now()
    from unnest($1::bigint[], $2::jsonb[]) u(id, b) where t.id = u.id]]

local function documents(ids)
    local out = {}
    local sql = ("select t.id, %s as doc from %s where t.id = any($1::bigint[])"):format(
        devices.spec.document, devices.spec.from)
    for _, row in ipairs(#ids > 0 and db.rows(sql, db.array(ids)) or {}) do
        out[row.id] = row.doc
    end
    return out
end

local function of_outcome(items, outcome)
    local out = {}
    for _, item in ipairs(items) do
        if not item.fault and item.outcome == outcome then
            out[#out + 1] = item
        end
    end
    return out
end

local KEY_IDS = "select nextval(pg_get_serial_sequence('device_key', 'id')) as v "
    .. "from generate_series(1, $1)"

local KEYS = [[insert into device_key (id, device_id, sealed)
    select * from unnest($1::bigint[], $2::bigint[], $3::bytea[])]]

-- Devices of products in product_key mode sign with the product's key: none of their own is made.
local function make_keys(job, items)
    local ids = #items > 0 and db.rows(KEY_IDS, #items) or {}
    local key_ids, device_ids, sealed, lines = {}, {}, {}, {}
    for i, item in ipairs(items) do
        local secret = ""
        if item.made_in.auth ~= "product_key" then
            secret = thing.crypto.secret()
            local n = #key_ids + 1
            key_ids[n], device_ids[n] = ids[i].v, item.id
            sealed[n] = db.bytes(thing.crypto.seal(secret, "device_key:" .. ids[i].v))
        end
        lines[i] = ("%s,%s,%s\r\n"):format(item.made_in.key, item.key, secret)
    end
    db.rows(KEYS, db.array(key_ids), db.array(device_ids), db.array(sealed))
    if #lines > 0 then
        local number = items[1].number
        local about = ("job_key:%d:%d"):format(job.id, number)
        db.rows("insert into job_key (job_id, number, sealed) values ($1, $2, $3)", job.id, number,
            db.bytes(thing.crypto.seal(table.concat(lines), about)))
    end
end

local function create(job, items)
    local products, texts, by_key = {}, {}, {}
    for i, item in ipairs(items) do
        products[i], texts[i], by_key[item.key] = item.made_in.id, item.text, item
    end
    local made, ids = {}, {}
    for i, row in ipairs(db.rows(INSERT, db.array(products), db.array(texts))) do
        made[i], ids[i] = by_key[row.key], row.id
        made[i].id = row.id
    end
    table.sort(made, function(a, b) return a.number < b.number end)
    for _, item in ipairs(items) do
        if not item.id then
            item.fault = { "conflict", "A device with this key exists already." }
        end
    end
    make_keys(job, made)
    local docs, audits = documents(ids), {}
    for i, item in ipairs(made) do
        audits[i] = { target = item.key, product_id = item.made_in.id,
            product_key = item.made_in.key, after = docs[item.id] }
    end
    store.audit(job, "devices:create", audits)
end

local function update(job, items)
    local ids, texts, audits = {}, {}, {}
    for i, item in ipairs(items) do
        ids[i], texts[i] = item.device.id, item.device.merged
        item.disabled = jsonio.decode(item.device.merged).enabled == false
    end
    db.rows(UPDATE, db.array(ids), db.array(texts))
    local docs = documents(ids)
    for i, item in ipairs(items) do
        audits[i] = { target = item.key, product_id = item.device.product_id,
            product_key = item.device.product_key, before = item.device.doc,
            after = docs[item.device.id] }
    end
    store.audit(job, "devices:update", audits)
end

function M.write(job, items)
    for _, item in ipairs(items) do
        item.id = nil
    end
    local created, updated = of_outcome(items, "created"), of_outcome(items, "updated")
    if #created > 0 then
        create(job, created)
    end
    if #updated > 0 then
        update(job, updated)
    end
end

return M
