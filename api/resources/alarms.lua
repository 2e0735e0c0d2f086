-- SPDX-License-Identifier: Apache-2.0
--
-- Alarms of devices: those that are active, those that were, and what became of each. People
-- acknowledge and clear them; scripts raise them (thing.alarm).
local alarms = require "api.alarms"
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local list = require "thing.list"
local problem = require "thing.problem"
local query = require "thing.query"
local reply = require "thing.reply"
local rfc3339 = require "thing.rfc3339"
local schema = require "thing.schema"
local timeline = require "thing.timeline"
local types = require "api.types"

local STATES = { "active", "unacknowledged", "acknowledged", "cleared", "all" }

-- Which rows a state is looked for in, and the condition beside.
local WITHIN = { active = "active", unacknowledged = "active", acknowledged = "active",
    cleared = "cleared", all = "all" }
local ONLY = { unacknowledged = "t.acknowledged_at is null",
    acknowledged = "t.acknowledged_at is not null" }

local SEVERITIES = { type = "array", items = alarms.SEVERITY, maxItems = 3 }

local FILTERS = {
    state = {
        schema = { type = "string", enum = STATES, default = "active",
            description = "active: all that are not cleared, acknowledged or not." },
        build = function(q, state)
            if ONLY[state] then
                q:where(ONLY[state])
            end
        end,
    },
    severity = { schema = SEVERITIES, build = function(q, value)
        q:where("t.severity = any(?::alarm_severity[])", db.array(value))
    end },
    key = { schema = alarms.KEY, sql = "t.key = ?" },
    from = { schema = { type = "string", format = "date-time", description = "Raised not before." },
        sql = "t.raised_at >= ?::timestamptz" },
    to = { schema = { type = "string", format = "date-time", description = "Raised before." },
        sql = "t.raised_at < ?::timestamptz" },
}

local EVERYWHERE = { product = { schema = types.KEY, sql = "p.key = ?" },
    device = { schema = types.KEY, sql = "d.key = ?" } }
for name, filter in pairs(FILTERS) do
    EVERYWHERE[name] = filter
end

local SORTS = {
    id = { sql = "t.id", type = "bigint" },
    raised_at = { sql = "t.raised_at", type = "timestamptz" },
    severity = { sql = "t.severity", type = "alarm_severity" },
}

local function list_of(ctx, filters)
    return list.page({
        from = alarms.FROM[WITHIN[ctx.query.state]], id = "t.id", document = alarms.DOCUMENT,
        filters = filters, sorts = SORTS,
    }, ctx.query, function(q)
        if ctx.device then
            q:where("t.device_id = ?", ctx.device.id)
        elseif ctx.scope then
            q:where("t.product_id = any(?::bigint[])", db.array(ctx.scope))
        end
    end, ctx)
end

local FIND = "select t.id, t.cleared_at is not null as closed, t.device_id, "
    .. "json_build_object('id', p.id, 'key', p.key) as product, " .. alarms.DOCUMENT
    .. " as doc from " .. alarms.FROM.all
    .. " where t.id = $1 and ($2::bigint[] is null or t.product_id = any($2))"

local function find(ctx)
    local id = math.tointeger(tonumber(ctx.params.alarm))
    local row = id and db.row(FIND, id, ctx.scope and db.array(ctx.scope))
    return row or problem.raise("not_found")
end

local ENTRY = schema.named("AlarmLogEntry", {
    type = "object",
    required = { "time", "event", "severity", "message", "details", "actor", "script_version" },
    properties = {
        time = types.TIME,
        event = { type = "string", enum = { "raised", "changed", "acknowledged", "cleared" },
            description = "changed: to another severity." },
        severity = alarms.SEVERITY,
        message = { type = "string",
            description = "What was said with it; of people, their note." },
        details = types.ANY,
        actor = {
            type = "object", required = { "kind", "name" },
            properties = {
                kind = { type = "string", enum = { "script", "rule", "account", "token" } },
                name = { type = "string" },
            },
        },
        script_version = { type = { "integer", "null" } },
    },
})

local function log(ctx)
    local alarm = find(ctx)
    return reply.list(timeline.page({
        from = "alarm_log t", time = "t.ts",
        keys = { { "t.ts", "timestamptz" }, { "t.id", "bigint" } },
        document = [[json_build_object('time', th_rfc3339(t.ts), 'event', t.event,
            'severity', t.severity, 'message', t.message, 'details', t.details,
            'actor', json_build_object('kind', t.actor_kind, 'name', t.actor),
            'script_version', t.script_version)]],
        where = function(q) q:where("t.alarm_id = ?", alarm.id) end,
    }, ctx.query))
end

-- What is so already stays as it is.
local function one(action)
    return function(ctx)
        local before = find(ctx)
        local done = not before.closed
            and alarms.act(ctx, action, { before.id }, ctx.body and ctx.body.note)
        local after = done and find(ctx) or before
        if done == 0 and after.closed or before.closed then
            problem.raise("alarm_closed", "The alarm has been cleared already.")
        elseif done > 0 then
            ctx:audit { target = tostring(before.id), before = before.doc, after = after.doc,
                product = jsonio.decode(before.product) }
        end
        return reply.json(after.doc)
    end
end

local NOTE = schema.named("AlarmNote", {
    type = "object", additionalProperties = false, properties = { note = alarms.NOTE },
})

local WHICH = schema.named("AlarmFilter", {
    type = "object", additionalProperties = false,
    description = "Which active ones, in the order of their ids; all given conditions hold.",
    properties = {
        ids = { type = "array", items = types.ID, maxItems = 1000 },
        product = types.KEY, device = types.KEY, key = alarms.KEY, severity = SEVERITIES,
        from = FILTERS.from.schema, to = FILTERS.to.schema,
        limit = { type = "integer", minimum = 1, maximum = 1000, default = 100 },
        note = alarms.NOTE,
    },
})

local BULK = schema.named("AlarmBulk", {
    type = "object", required = { "done", "more" },
    properties = {
        done = types.COUNT,
        more = { type = "boolean", description = "There are more that match." },
    },
})

-- JSON may write 1 as 1.0.
local function whole(numbers)
    local ids = {}
    for i, number in ipairs(numbers) do
        ids[i] = math.tointeger(number)
    end
    return ids
end

local function many(action, only)
    return function(ctx)
        local body = ctx.body or {}
        local limit = math.tointeger(body.limit or 100)
        local q = query.new(alarms.FROM.active)
        list.apply(q, EVERYWHERE, { product = body.product, device = body.device, key = body.key,
            severity = body.severity, from = body.from and rfc3339.utc(body.from),
            to = body.to and rfc3339.utc(body.to), state = only })
        if body.ids then
            q:where("t.id = any(?::bigint[])", db.array(whole(body.ids)))
        end
        if ctx.scope then
            q:where("t.product_id = any(?::bigint[])", db.array(ctx.scope))
        end
        local ids = {}
        for i, row in ipairs(db.rows_of(q:sql("t.id", "order by t.id limit ?", limit + 1))) do
            ids[i] = row.id
        end
        local more = #ids > limit
        ids[limit + 1] = nil
        local done = alarms.act(ctx, action, ids, body.note)
        local answer = ('{"done":%d,"more":%s}'):format(done, more)
        ctx:audit { target = action.event, before = ctx.raw ~= "" and ctx.raw or nil,
            after = answer }
        return reply.json(answer)
    end
end

local function action(path, name, verb, body, answer, run)
    return {
        method = "POST", path = path .. "/" .. name, action = name, write = true,
        id = "alarms." .. (body == WHICH and name .. "_all" or name), idempotent = true,
        summary = verb .. (body == WHICH and " all that match" or " an alarm"), body = body,
        body_optional = true, answers = { [200] = { schema = answer } }, run = run,
    }
end

local acknowledge, clear = alarms.ACKNOWLEDGE, alarms.CLEAR

return {
    name = "alarms",
    levels = { read = "viewer", acknowledge = "operator", clear = "operator" },
    routes = {
        {
            method = "GET", path = "/alarms", action = "read", id = "alarms.list",
            summary = "List alarms, those that are active unless asked for others",
            query = list.parameters(EVERYWHERE, SORTS, "-raised_at"),
            answers = { [200] = { list = alarms.SCHEMA } },
            run = function(ctx) return list_of(ctx, EVERYWHERE) end,
        },
        action("/alarms", "acknowledge", "Acknowledge", WHICH, BULK,
            many(acknowledge, "unacknowledged")),
        action("/alarms", "clear", "Clear", WHICH, BULK, many(clear)),
        {
            method = "GET", path = "/alarms/{alarm}", action = "read", id = "alarms.get",
            summary = "Read an alarm, active or cleared",
            answers = { [200] = { schema = alarms.SCHEMA } },
            run = function(ctx) return reply.json(find(ctx).doc) end,
        },
        {
            method = "GET", path = "/alarms/{alarm}/log", action = "read", id = "alarms.log",
            summary = "What became of an alarm", query = timeline.parameters(),
            answers = { [200] = { list = ENTRY } }, run = log,
        },
        action("/alarms/{alarm}", "acknowledge", "Acknowledge", NOTE, alarms.SCHEMA,
            one(acknowledge)),
        action("/alarms/{alarm}", "clear", "Clear", NOTE, alarms.SCHEMA, one(clear)),
        {
            method = "GET", path = "/products/{product}/devices/{device}/alarms", action = "read",
            id = "alarms.device", summary = "Alarms of a device",
            query = list.parameters(FILTERS, SORTS, "-raised_at"),
            answers = { [200] = { list = alarms.SCHEMA } },
            run = function(ctx) return list_of(ctx, FILTERS) end,
        },
    },
}
