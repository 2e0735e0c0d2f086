-- SPDX-License-Identifier: Apache-2.0
--
-- Devices: below their product, and all of them as one list.
local db = require "thing.db"
local keys = require "api.keys"
local list = require "thing.list"
local problem = require "thing.problem"
local resource = require "thing.resource"
local schema = require "thing.schema"
local types = require "api.types"

local ATTRIBUTES = { type = "object", additionalProperties = true, maxProperties = 256 }

local FROM = "device t join product p on p.id = t.product_id "
    .. "join device_state s on s.device_id = t.id"

local FILTERS = {
    key = { schema = types.KEY, sql = "t.key = ?" },
    prefix = { schema = types.KEY, sql = "t.key ^@ ?" },
    name = { schema = types.NAME, sql = "t.name = ?" },
    q = { schema = { type = "string", minLength = 1, maxLength = 200,
        description = "Part of key or name." },
        build = function(q, v)
            local like = "%" .. v:lower():gsub("[%%_\\]", "\\%0") .. "%"
            q:where("lower(t.key) like ? or lower(t.name) like ?", like, like)
        end },
    tag = { schema = { type = "array", items = types.TAG, maxItems = 16,
        description = "Has all of these." },
        build = function(q, v) q:where("t.tags @> ?::text[]", db.array(v)) end },
    attribute = { schema = { type = "string", maxLength = 500,
        pattern = "^[^=]{1,128}=[^=]{0,300}$",
        description = "name=value, compared as text." },
        build = function(q, v)
            local name, value = v:match("^([^=]*)=(.*)$")
            q:where("t.attributes ->> ? = ?", name, value)
        end },
    enabled = { schema = types.FLAG, sql = "t.enabled = ?" },
    online = { schema = types.FLAG, sql = "s.online = ?" },
    source = { schema = { type = "string", enum = { "manual", "auto", "import" } },
        sql = "t.source = ?" },
    seen_after = { schema = types.TIME, sql = "s.seen_at >= ?::timestamptz" },
    seen_before = { schema = types.TIME,
        sql = "coalesce(s.seen_at, '-infinity') < ?::timestamptz" },
}

local SORTS = {
    key = { sql = "t.key", type = "text" },
    name = { sql = "t.name", type = "text" },
    created_at = { sql = "t.created_at", type = "timestamptz" },
    seen_at = { sql = "coalesce(s.seen_at, '-infinity')", type = "timestamptz" },
}

-- Tables that hold what a device reported; they have no foreign key, since they are dropped by the
-- day.
local HISTORY = { "property_history", "event_history", "connection_history", "command_log",
    "message_seen" }

local function changed(ctx, key)
    ctx:after(function() thing.device.forget(key) end)
end

-- In product_key mode the devices sign with the product's key: none of their own is made.
local function credentials(ctx, id)
    changed(ctx, ctx.body.key)
    local mode = db.value("select settings ->> 'auth' as v from product where id = $1",
        ctx.product.id)
    local shown = { username = ctx.product.key, client_id = ctx.body.key }
    if mode ~= "product_key" then
        shown.secret = keys.make("device_key", id)
    end
    return { credentials = shown }
end

local function before_delete(ctx, row)
    local kept = ctx.query.history == "keep"
    if kept then
        db.rows([[insert into device_deleted (id, product_id, product_key, key, name)
            select d.id, d.product_id, $2, d.key, d.name from device d where d.id = $1]], row.id,
                ctx.product.key)
    end
    for _, name in ipairs(kept and {} or HISTORY) do
        db.rows(("delete from %s where device_id = $1"):format(name), row.id)
    end
    local commands = db.value("select count(*) as v from command where device_id = $1", row.id)
    local key = ctx.device.key
    changed(ctx, key)
    ctx:after(function() thing.device.kick(key) end)
    return { deleted = key, history = kept and "kept" or "deleted", commands = commands }
end

local function validate(_, whole)
    local key = whole.key
    if key and (key == "rmqtt_things" or key:find("^thingd")) then
        problem.raise("validation_failed", "This key is reserved.",
            { errors = { { path = "/key", message = "is reserved" } } })
    end
end

local M = resource.define {
    name = "devices", type = "Device", path = "/products/{product}/devices", param = "device",
    table = "device", from = FROM, key = "t.key = ?", scope = "t.product_id",
    within = function(q, ctx) q:where("t.product_id = ?", ctx.product.id) end,
    levels = { read = "viewer", create = "integrator", update = "operator", delete = "integrator" },
    required = { "key" },
    fields = {
        { "key", schema = types.KEY, write = "create" },
        { "product", schema = types.KEY, sql = "p.key" },
        { "name", schema = types.NAME, write = "always", default = "''" },
        { "tags", schema = types.TAGS, write = "always", default = "'{}'" },
        { "attributes", schema = ATTRIBUTES, write = "always", default = "'{}'" },
        { "parameters", schema = ATTRIBUTES, write = "always", default = "'{}'" },
        { "enabled", schema = types.FLAG, write = "always", default = "true" },
        { "source", schema = { type = "string", enum = { "manual", "auto", "import" } } },
        { "online", schema = types.FLAG, sql = "s.online" },
        { "seen_at", schema = types.TIME_OR_NULL, sql = "th_rfc3339(s.seen_at)" },
        { "created_at", schema = types.TIME },
        { "updated_at", schema = types.TIME },
    },
    filters = FILTERS, sorts = SORTS, sort = "key",
    once = { credentials = types.CREDENTIALS },
    delete_query = {
        history = { type = "string", enum = { "keep", "delete" }, default = "keep",
            description = "What becomes of all that the device reported." },
    },
    deleted = schema.named("DeviceDeleted", {
        type = "object", required = { "deleted", "history", "commands" },
        properties = {
            deleted = types.KEY, history = { type = "string", enum = { "kept", "deleted" } },
            commands = { type = "integer",
                description = "Commands that had not been carried out." },
        },
    }),
    hooks = {
        validate = validate,
        columns = function(ctx) return { product_id = ctx.product.id } end,
        after_create = credentials,
        after_update = function(ctx, _, whole)
            changed(ctx, ctx.device.key)
            if whole.enabled == false then
                ctx:after(function() thing.device.kick(ctx.device.key) end)
            end
        end,
        before_delete = before_delete,
    },
}

local everywhere = setmetatable({ filters = setmetatable({
    product = { schema = types.KEY, sql = "p.key = ?" },
}, { __index = FILTERS }) }, { __index = M.spec })
for name, filter in pairs(FILTERS) do
    everywhere.filters[name] = filter
end

M.routes[#M.routes + 1] = {
    method = "GET", path = "/devices", action = "read", id = "devices.list_all",
        summary = "List the devices of all products",
    query = list.parameters(everywhere.filters, SORTS, "key"),
    answers = { [200] = { list = M.spec.schema } },
    run = function(ctx)
        return list.page(everywhere, ctx.query, function(q)
            if ctx.scope then
                q:where("t.product_id = any(?::bigint[])", db.array(ctx.scope))
            end
        end)
    end,
}

return M
