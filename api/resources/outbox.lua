-- SPDX-License-Identifier: Apache-2.0
--
-- What waits to be done after a commit: functions that scripts put off, and notifications. Those
-- that failed too often are dead and stay here until someone has them tried again or discards them,
-- or their time is up.
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local list = require "thing.list"
local problem = require "thing.problem"
local reply = require "thing.reply"
local schema = require "thing.schema"
local types = require "api.types"

local KEEP = "30 days"
local KEEP_DEAD = 10000 -- of one product; over it the oldest go
local KIND = { type = "string", enum = { "later", "notify" },
    description = "later: a function that was put off; notify: a notification." }
local FUNCTION = { type = "string", maxLength = 128 }
local STATE = { type = "string", enum = { "waiting", "dead" },
    description = "dead: given up after the configured number of attempts." }

local ITEM = schema.named("OutboxItem", {
    type = "object", required = { "id", "kind", "product", "device", "forwarded_to", "name", "key",
        "args", "state", "attempts", "created_at", "due_at", "next_at", "error", "dead_at" },
    properties = {
        id = types.ID, kind = KIND, product = types.KEY,
        device = types.KEY,
        forwarded_to = { type = { "string", "null" },
            description = "The device that another one forwarded the function to; dead for want "
                .. "of it, it stays with the other." },
        name = { type = "string", description = "Of the script's function, or the channel's key." },
        key = { type = { "string", "null" }, description = "Given by the script." },
        args = types.ANY, state = STATE, attempts = types.COUNT, created_at = types.TIME,
        due_at = types.TIME,
        next_at = { type = { "string", "null" }, format = "date-time",
            description = "The next attempt; while one runs, when it is taken for lost." },
        error = { type = { "string", "null" }, description = "Of the last attempt." },
        dead_at = types.TIME_OR_NULL,
    },
})

local DOCUMENT = [[json_build_object('id', t.id, 'kind', t.kind, 'product', p.key, 'device', d.key,
    'forwarded_to', t.forwarded_to, 'name', t.name, 'key', t.key, 'args', t.args,
    'state', t.state, 'attempts', t.attempts,
    'created_at', th_rfc3339(t.created_at), 'due_at', th_rfc3339(t.due_at),
    'next_at', case when t.state = 'waiting' then th_rfc3339(t.next_at) end, 'error', t.error,
    'dead_at', th_rfc3339(t.dead_at))]]

local FROM = "outbox t join product p on p.id = t.product_id join device d on d.id = t.device_id"

local LIST = {
    from = FROM, id = "t.id", document = DOCUMENT,
    filters = {
        state = { schema = STATE, sql = "t.state = ?" },
        product = { schema = types.KEY, sql = "p.key = ?" },
        device = { schema = types.KEY, sql = "d.key = ?" },
        kind = { schema = KIND, sql = "t.kind = ?" },
        name = { schema = FUNCTION, sql = "t.name = ?" },
    },
    sorts = {
        id = { sql = "t.id", type = "bigint" },
        next_at = { sql = "t.next_at", type = "timestamptz" },
    },
}

local function scoped(ctx)
    return function(q)
        if ctx.scope then
            q:where("t.product_id = any(?::bigint[])", db.array(ctx.scope))
        end
    end
end

local function find(ctx)
    local id = math.tointeger(tonumber(ctx.params.item))
    local row = id and db.row("select t.id, d.key as device, " .. DOCUMENT .. " as doc from "
        .. FROM .. " where t.id = $1 and ($2::bigint[] is null or t.product_id = any($2))", id,
        ctx.scope and db.array(ctx.scope))
    return row or problem.raise("not_found")
end

-- The owner of the device counts what waits for it.
local function recount(ctx, device)
    ctx:after(function() thing.device.forget(device) end)
end

-- Another may wait with the same key by now: that one has taken its place. The device that a
-- function was forwarded to may have been made meanwhile.
local RETRY = [[update outbox t set state = 'waiting', attempts = 0, next_at = now(),
        dead_at = null, device_id = coalesce(f.id, t.device_id)
    from (select 1) one
        left join device f on f.key = (select forwarded_to from outbox where id = $1)
    where t.id = $1 and t.state = 'dead' and (t.forwarded_to is null or f.product_id = t.product_id)
        and not exists (select from outbox o
        where o.device_id = t.device_id and o.key = t.key and o.state = 'waiting'
            and o.kind = t.kind and (o.kind = 'later' or o.name = t.name))
    returning 1 as v]]

local function retry(ctx)
    local row = find(ctx)
    if not db.row(RETRY, row.id) then
        problem.raise("conflict", "It is not dead, another with its key waits in its place, or "
            .. "the device that it is for is not there.")
    end
    local after = find(ctx).doc
    ctx:audit { target = tostring(row.id), before = row.doc, after = after }
    recount(ctx, row.device)
    return reply.json(after)
end

local FILTER = schema.named("OutboxFilter", {
    type = "object", additionalProperties = false,
    description = "Which dead ones, oldest first; all given conditions hold.",
    properties = {
        kind = KIND, product = types.KEY, device = types.KEY, name = FUNCTION,
        limit = { type = "integer", minimum = 1, maximum = 1000, default = 100 },
    },
})

local BULK = schema.named("OutboxBulk", {
    type = "object", required = { "done", "skipped", "more" },
    properties = {
        done = types.COUNT,
        skipped = { type = "integer", minimum = 0,
            description = "Another with the same key waits in its place, or the device that it "
                .. "is for is not there." },
        more = { type = "boolean", description = "There are more that match." },
    },
})

local MATCHING = "select t.id, d.key as device from " .. FROM .. [[ where t.state = 'dead'
    and ($1::text is null or p.key = $1) and ($2::text is null or d.key = $2)
    and ($3::text is null or t.name = $3)
    and ($4::bigint[] is null or t.product_id = any($4))
    and ($6::text is null or t.kind = $6) order by t.id limit $5]]

-- Does sql to each dead one that matches.
local function bulk(ctx, target, sql)
    local body = ctx.body or {}
    local limit = body.limit or 100
    local rows = db.rows(MATCHING, body.product, body.device, body.name,
        ctx.scope and db.array(ctx.scope), limit + 1, body.kind)
    local counts = { done = 0, skipped = 0, more = #rows > limit }
    for i = 1, math.min(#rows, limit) do
        local what = db.row(sql, rows[i].id) and "done" or "skipped"
        counts[what] = counts[what] + 1
        recount(ctx, rows[i].device)
    end
    local text = jsonio.encode(counts)
    ctx:audit { target = target, after = text }
    return reply.json(text)
end

local function discard(ctx)
    local row = find(ctx)
    db.rows("delete from outbox where id = $1", row.id)
    ctx:audit { target = tostring(row.id), before = row.doc }
    recount(ctx, row.device)
    return reply.empty()
end

local function forget_old()
    db.rows("delete from outbox where state = 'dead' and dead_at < now() - $1::interval", KEEP)
    db.rows([[delete from outbox where id in (select id from (select id, row_number() over
        (partition by product_id order by dead_at desc, id desc) as n from outbox
        where state = 'dead') d where n > $1)]], KEEP_DEAD)
end

local function action(path, id, name, summary, sql)
    return {
        method = "POST", path = path, action = name, id = id, summary = summary, write = true,
        body = FILTER, body_optional = true, answers = { [200] = { schema = BULK } },
        run = function(ctx) return bulk(ctx, name, sql) end,
    }
end

return {
    name = "outbox", ticks = { forget_old },
    levels = { read = "operator", retry = "integrator", delete = "integrator" },
    routes = {
        {
            method = "GET", path = "/outbox", action = "read", id = "outbox.list",
            summary = "List what waits to be done, and what was given up",
            query = list.parameters(LIST.filters, LIST.sorts, "id"),
            answers = { [200] = { list = ITEM } },
            run = function(ctx) return list.page(LIST, ctx.query, scoped(ctx), ctx) end,
        },
        action("/outbox/retry", "outbox.retry_all", "retry",
            "Have those that were given up tried again", RETRY),
        action("/outbox/discard", "outbox.discard_all", "delete",
            "Discard those that were given up",
            "delete from outbox where id = $1 and state = 'dead' returning 1 as v"),
        {
            method = "GET", path = "/outbox/{item}", action = "read", id = "outbox.get",
            summary = "Read one", answers = { [200] = { schema = ITEM } },
            run = function(ctx) return reply.json(find(ctx).doc) end,
        },
        {
            method = "POST", path = "/outbox/{item}/retry", action = "retry", id = "outbox.retry",
            summary = "Have one that was given up tried again", write = true,
            answers = { [200] = { schema = ITEM } }, run = retry,
        },
        {
            method = "DELETE", path = "/outbox/{item}", action = "delete", id = "outbox.discard",
            summary = "Discard one, waiting or given up", write = true,
            answers = { [204] = {} }, run = discard,
        },
    },
}
