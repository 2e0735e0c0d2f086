-- SPDX-License-Identifier: Apache-2.0
--
-- Groups of devices: listed one by one, or found by a saved query.
local db = require "thing.db"
local device_list = require "api.device_list"
local devices = require "api.resources.devices"
local jsonio = require "thing.jsonio"
local list = require "thing.list"
local problem = require "thing.problem"
local reply = require "thing.reply"
local resource = require "thing.resource"
local schema = require "thing.schema"
local types = require "api.types"

local MAX_CHANGE = 1000

-- A saved query is a list's query string as an object: values are texts.
local QUERY = schema.named("DeviceQuery", {
    type = "object", additionalProperties = false, maxProperties = 16,
    properties = device_list.saved_schemas(),
    description = "Filters of the device list by name, as in its query string.",
})

local function validate(ctx, whole, row)
    local query = whole.query or {}
    local kind = row and jsonio.decode(row.doc).kind or whole.kind
    if (kind or "static") == "static" and next(query) ~= nil then
        problem.raise("conflict", "A static group has no query.")
    end
    device_list.read_saved(query)
    if ctx.scope and ctx.method == "POST" and type(whole.product) ~= "string" then
        problem.raise("forbidden",
            "A group over all products needs the permission for all products.")
    end
end

local function product_of(ctx)
    local key = ctx.body.product
    if type(key) ~= "string" then
        return nil
    end
    local id = db.value([[select id as v from product where key = $1
        and ($2::bigint[] is null or id = any($2))]], key, ctx.scope and db.array(ctx.scope))
    return id or problem.raise("unknown_reference", "There is no product " .. key .. ".")
end

local M = resource.define {
    name = "groups", type = "Group", path = "/groups", param = "group", table = "device_group",
    from = "device_group t left join product p on p.id = t.product_id", key = "t.key = ?",
    scope = "t.product_id",
    levels = { read = "viewer", create = "integrator", update = "integrator",
        delete = "integrator" },
    required = { "key" },
    fields = {
        { "key", schema = types.KEY, write = "create" },
        { "product", write = "create", virtual = true, sql = "p.key",
            schema = { type = { "string", "null" }, pattern = types.KEY.pattern,
                description = "Whose devices it is made of; null: of all products." } },
        { "kind", schema = { type = "string", enum = { "static", "query" } }, write = "create" },
        { "name", schema = types.NAME, write = "always", default = "''" },
        { "description", schema = types.TEXT, write = "always", default = "''" },
        { "query", schema = QUERY, write = "always", default = "'{}'" },
        { "created_at", schema = types.TIME },
        { "updated_at", schema = types.TIME },
    },
    filters = {
        product = { schema = types.KEY, sql = "p.key = ?" },
        kind = { schema = { type = "string", enum = { "static", "query" } }, sql = "t.kind = ?" },
    },
    sort = "key", sorts = { key = { sql = "t.key", type = "text" },
        name = { sql = "t.name", type = "text" } },
    hooks = {
        validate = validate,
        columns = function(ctx) return { product_id = product_of(ctx) } end,
    },
}

local function find(ctx)
    local row = db.row([[select id, key, kind, product_id from device_group
        where key = $1 and ($2::bigint[] is null or product_id = any($2))]], ctx.params.group,
        ctx.scope and db.array(ctx.scope))
    return row or problem.raise("not_found")
end

local KEYS = { type = "array", items = types.KEY, maxItems = MAX_CHANGE }

local CHANGE = schema.named("GroupChange", {
    type = "object", additionalProperties = false, minProperties = 1,
    properties = { add = KEYS, remove = KEYS },
})

local CHANGED = schema.named("GroupChanged", {
    type = "object", required = { "added", "removed", "unknown" },
    properties = { added = types.COUNT, removed = types.COUNT,
        unknown = { type = "array", items = types.KEY,
            description = "Devices that are not there." } },
})

-- Devices of the caller's, and of the group's product when it has one.
local MINE = [[select d.id, d.key from device d where d.key = any($1::text[])
    and ($2::bigint is null or d.product_id = $2) and ($3::bigint[] is null
        or d.product_id = any($3))]]

local function resolve(ctx, group, keys)
    local ids, known, unknown = {}, {}, {}
    for i, row in ipairs(db.rows(MINE, db.array(keys), group.product_id, ctx.scope
        and db.array(ctx.scope))) do
        ids[i], known[row.key] = row.id, true
    end
    for _, key in ipairs(keys) do
        unknown[#unknown + 1] = not known[key] and key or nil
    end
    return db.array(ids), unknown
end

local function change(ctx)
    local group = find(ctx)
    if group.kind ~= "static" then
        problem.raise("conflict", "The members of this group are found by its query.")
    end
    local adding, unknown = resolve(ctx, group, ctx.body.add or {})
    local removing, gone = resolve(ctx, group, ctx.body.remove or {})
    for _, key in ipairs(gone) do
        unknown[#unknown + 1] = key
    end
    local added = #db.rows([[insert into device_group_member (group_id, device_id)
        select $1, unnest($2::bigint[]) on conflict do nothing returning 1 as v]], group.id, adding)
    local removed = #db.rows([[delete from device_group_member where group_id = $1
        and device_id = any($2::bigint[]) returning 1 as v]], group.id, removing)
    local answer = jsonio.encode { added = added, removed = removed,
        unknown = jsonio.array(unknown) }
    ctx:audit { target = group.key, action = "groups:members", after = answer }
    return reply.json(answer)
end

local everywhere = devices.everywhere

M.routes[#M.routes + 1] = {
    method = "GET", path = "/groups/{group}/members", action = "read", id = "groups.members",
    summary = "Devices of a group",
    query = list.parameters({}, everywhere.sorts, "key"),
        answers = { [200] = { list = everywhere.schema } },
    run = function(ctx)
        local group = find(ctx)
        ctx.query.group = group.key
        return list.page(everywhere, ctx.query, device_list.visible(ctx), ctx)
    end,
}
M.routes[#M.routes + 1] = {
    method = "POST", path = "/groups/{group}/members", action = "update", id = "groups.change",
    summary = "Add devices to a static group, or remove them", write = true, body = CHANGE,
    answers = { [200] = { schema = CHANGED } }, run = change,
}

return M
