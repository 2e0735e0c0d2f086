-- SPDX-License-Identifier: Apache-2.0
--
-- Channels, by which notifications leave: a notifier with its config and secrets, for one product
-- or the platform.
local channels = require "api.channels"
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local problem = require "thing.problem"
local reply = require "thing.reply"
local resource = require "thing.resource"
local schema = require "thing.schema"
local types = require "api.types"

local MOST = 100 -- of one product; of the platform ten times as many

local function product_of(ctx)
    local key = ctx.body.product
    if type(key) ~= "string" then
        return nil
    end
    local id = db.value([[select id as v from product where key = $1
        and ($2::bigint[] is null or id = any($2))]], key, ctx.scope and db.array(ctx.scope))
    return id or problem.raise("unknown_reference", "There is no product " .. key .. ".")
end

-- What is kept of the channel that is changed: its notifier, whether it is a product's, its config
-- with the secrets, and these.
local function kept_of(row)
    if not row then
        return { secrets = {} }
    end
    local doc = jsonio.decode(row.doc)
    local secrets = channels.unseal(db.value("select secrets as v from channel where id = $1",
        row.id), row.id)
    return { notifier = doc.notifier, product = doc.product, config = doc.config,
        secrets = secrets }
end

local function check_place(ctx, product, shared)
    if shared and type(product) == "string" then
        problem.raise("conflict", "A product's channel cannot be open to all products.")
    elseif ctx.scope and type(product) ~= "string" then
        problem.raise("forbidden",
            "A channel of the platform needs the permission for all products.")
    end
end

-- Whoever may change a channel must not learn its secrets by sending them elsewhere.
local function check_moved(name, kept, names, whole)
    local before = {}
    for _, part in ipairs { kept.config, kept.secrets } do
        for member, value in pairs(part) do
            before[member] = value
        end
    end
    if #names > 0 and channels.hosts(name, before) ~= channels.hosts(name, whole) then
        table.sort(names)
        problem.raise("conflict", "It would send to another host: give its secrets anew ("
            .. table.concat(names, ", ") .. ").")
    end
end

local function validate(ctx, whole, row)
    local kept = kept_of(row)
    local patch = type(ctx.body.secrets) == "table" and ctx.body.secrets or {}
    local secrets, names = channels.merge(kept.secrets, patch)
    local config = whole.config or {}
    local notifier = kept.notifier or whole.notifier
    check_place(ctx, row and kept.product or whole.product, whole.shared)
    if #jsonio.encode(config) > channels.CONFIG_MAX then
        problem.raise("validation_failed", "/config must have at most 16 KiB")
    end
    local all = channels.whole(notifier, config, secrets)
    channels.hosts(notifier, all)
    if row then
        check_moved(notifier, kept, names, all)
    end
    ctx.secrets = secrets
end

local function keep_secrets(ctx, id)
    local names = {}
    for name in pairs(ctx.secrets) do
        names[#names + 1] = name
    end
    table.sort(names)
    db.rows("update channel set secrets = $2, secret_names = $3::text[] where id = $1", id,
        #names > 0 and db.bytes(channels.seal(ctx.secrets, id)) or nil, db.array(names))
end

local function check_count(ctx)
    local product = product_of(ctx)
    local n = db.value("select count(*) as v from channel where product_id is not distinct from $1",
        product)
    if n >= MOST * (product and 1 or 10) then
        problem.raise("conflict", "There are too many channels already.")
    end
end

local SECRETS = { type = "object", maxProperties = 20,
    propertyNames = { type = "string", maxLength = 64 },
    additionalProperties = { type = "string", maxLength = 4000 },
    description = "Members of the notifier's schema that are writeOnly. Kept sealed and never "
        .. "shown; null removes one." }

local M = resource.define {
    name = "channels", type = "Channel", path = "/channels", param = "channel", table = "channel",
    from = "channel t left join product p on p.id = t.product_id", key = "t.key = ?",
    scope = "t.product_id",
    levels = { read = "operator", create = "integrator", update = "integrator",
        delete = "integrator", test = "integrator" },
    required = { "key", "notifier" },
    fields = {
        { "key", schema = types.KEY, write = "create" },
        { "name", schema = types.NAME, write = "always", default = "''" },
        { "description", schema = types.TEXT, write = "always", default = "''" },
        { "product", write = "create", virtual = true, sql = "p.key",
            schema = { type = { "string", "null" }, pattern = types.KEY.pattern,
                description = "Whose scripts may use it; null: the platform's." } },
        { "shared", write = "always", default = "false", schema = { type = "boolean",
            description = "Of a channel of the platform: scripts of all products may use it." } },
        { "notifier", schema = types.KEY, write = "create" },
        { "config", write = "always", default = "'{}'", schema = { type = "object",
            additionalProperties = true, maxProperties = 100,
            description = "As the notifier's schema says, without its secrets." } },
        { "secrets", schema = SECRETS, write = "always", virtual = true, hidden = true,
            sql = "null::json", default = "null" },
        { "secret_names", schema = { type = "array", items = { type = "string" },
            description = "Secrets that are set." } },
        { "enabled", schema = types.FLAG, write = "always", default = "true" },
        { "created_at", schema = types.TIME },
        { "updated_at", schema = types.TIME },
    },
    filters = {
        product = { schema = types.KEY, sql = "p.key = ?" },
        notifier = { schema = types.KEY, sql = "t.notifier = ?" },
        enabled = { schema = types.FLAG, sql = "t.enabled = ?" },
    },
    sort = "key", sorts = { key = { sql = "t.key", type = "text" },
        name = { sql = "t.name", type = "text" } },
    hooks = {
        validate = validate,
        columns = function(ctx) return { product_id = product_of(ctx) } end,
        before_create = check_count,
        after_create = keep_secrets,
        after_update = function(ctx, row) keep_secrets(ctx, row.id) end,
    },
}

local NOTIFIER = schema.named("Notifier", {
    type = "object", required = { "name", "version", "title", "schema" },
    properties = {
        name = types.KEY, version = { type = "string" }, title = { type = "string" },
        schema = { type = "object", additionalProperties = true,
            description = "JSON Schema of a channel's config; writeOnly members are secrets." },
    },
})

local OUTCOME = schema.named("ChannelTest", {
    type = "object", required = { "sent", "error", "id", "took_ms" },
    properties = {
        sent = { type = "boolean" },
        error = { type = { "string", "null" }, description = "Why it was not." },
        id = { type = { "string", "null" }, description = "Of the notification that was sent." },
        took_ms = types.COUNT,
    },
})

local TEST_BODY = jsonio.encode { title = "Test", severity = "info", data = jsonio.null,
    text = "This is a test of the channel. Nothing has happened." }

local function test(ctx)
    local row = db.row([[select t.id, t.key, t.notifier, t.config::text as config, t.secrets,
        t.product_id, p.key as product from channel t left join product p on p.id = t.product_id
        where t.key = $1 and ($2::bigint[] is null or t.product_id = any($2))]],
        ctx.params.channel, ctx.scope and db.array(ctx.scope)) or problem.raise("not_found")
    local began = thing.now()
    local sent, what = thing.notifiers.send { notifier = row.notifier, channel = row.key,
        channel_id = row.id, config = row.config, sealed = row.secrets, body = TEST_BODY }
    local outcome = jsonio.encode { sent = sent == true, took_ms = thing.now() - began,
        error = sent and jsonio.null or what, id = sent and what or jsonio.null }
    ctx:audit { target = row.key, after = outcome,
        product = row.product and { id = row.product_id, key = row.product } }
    return reply.json(outcome)
end

M.routes[#M.routes + 1] = {
    method = "POST", path = "/channels/{channel}/test", action = "test", id = "channels.test",
    summary = "Send a test notification now, enabled or not, and tell what became of it",
    answers = { [200] = { schema = OUTCOME } }, run = test,
}
M.routes[#M.routes + 1] = {
    method = "GET", path = "/notifiers", action = "read", id = "channels.notifiers",
    summary = "List the notifiers that channels can have",
    answers = { [200] = { list = NOTIFIER } },
    run = function()
        local docs = {}
        for i, about in ipairs(channels.notifiers()) do
            docs[i] = jsonio.encode(about)
        end
        return reply.list(docs)
    end,
}

return M
