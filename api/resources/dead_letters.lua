-- SPDX-License-Identifier: Apache-2.0
--
-- Messages that could not be accepted, with the reason. Those that name no product of the caller's
-- are for platform-wide callers only.
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local problem = require "thing.problem"
local query = require "thing.query"
local reply = require "thing.reply"
local rfc3339 = require "thing.rfc3339"
local schema = require "thing.schema"
local timeline = require "thing.timeline"
local types = require "api.types"

local LETTER = schema.named("DeadLetter", {
    type = "object", required = { "id", "time", "reason", "detail", "product", "device", "action",
        "topic", "size" },
    properties = {
        id = types.ID, time = types.TIME, reason = { type = "string" },
            detail = { type = "string" },
        product = { type = "string" }, device = { type = "string" }, action = { type = "string" },
        topic = { type = "string" }, node = { type = { "integer", "null" } }, size = types.COUNT,
    },
})

local WITH_BODY = schema.named("DeadLetterBody", schema.extend(LETTER, {
    body = { type = "string", description = "The hook as the broker sent it, its first 64 KiB." },
    encoding = { type = "string", enum = { "text", "base64" } },
}, { "body", "encoding" }))

local DOC = [['id', t.id, 'time', th_rfc3339(t.ts), 'reason', t.reason, 'detail', t.detail,
    'product', t.product_key, 'device', t.device_key, 'action', t.action, 'topic', t.topic, 'node',
        t.node,
    'size', t.body_size]]

local SCOPE = "t.product_key in (select key from product where id = any(?::bigint[]))"

local function where(ctx)
    return function(q)
        if ctx.scope then
            q:where(SCOPE, db.array(ctx.scope))
        end
        for _, name in ipairs { "product", "device", "reason" } do
            local column = name == "reason" and "reason" or name .. "_key"
            if ctx.query[name] then
                q:where("t." .. column .. " = ?", ctx.query[name])
            end
        end
    end
end

local function list(ctx)
    return reply.list(timeline.page({
        from = "dead_letter t", time = "t.ts", keys = { { "t.ts", "timestamptz" },
            { "t.id", "bigint" } },
        document = "json_build_object(" .. DOC .. ")", where = where(ctx),
    }, ctx.query))
end

local TALLY = schema.named("DeadLetterTally", {
    type = "object", required = { "product", "reason", "kept", "counted", "first", "last" },
    properties = {
        product = { type = "string" }, reason = { type = "string" },
        kept = { type = "integer", minimum = 0, description = "Dead letters in the list." },
        counted = { type = "integer", minimum = 0,
            description = "Only counted, since enough like them were kept in their minute." },
        first = types.TIME, last = types.TIME,
    },
})

local TALLIED = [[(select product_key, device_key, reason, ts, 1 as kept, 0 as counted
    from dead_letter union all select product_key, device_key, reason, minute, 0, refused
    from dead_letter_count) t]]

-- The most frequent first.
local function summary(ctx)
    local q = query.new(TALLIED)
    where(ctx)(q)
    timeline.range(q, "t.ts", ctx.query)
    local docs = {}
    for i, row in ipairs(db.rows_of(q:sql([[json_build_object('product', t.product_key, 'reason',
        t.reason, 'kept', sum(t.kept), 'counted', sum(t.counted), 'first', th_rfc3339(min(t.ts)),
        'last', th_rfc3339(max(t.ts))) as doc]], [[group by t.product_key, t.reason
        order by sum(t.kept + t.counted) desc, t.product_key, t.reason limit 1000]]))) do
        docs[i] = row.doc
    end
    return reply.list(docs)
end

local function body_of(row)
    if utf8.len(row.body) and not row.body:find("\0", 1, true) then
        return row.body, "text"
    end
    return row.base64:gsub("\n", ""), "base64"
end

local function find(ctx)
    local id = math.tointeger(tonumber(ctx.params.letter))
    local row = id and db.row("select t.id, t.ts::text as ts, json_build_object(" .. DOC
        .. [[) as doc, t.body,
        encode(t.body,
            'base64') as base64 from dead_letter t where t.id = $1 and ($2::bigint[] is null or ]]
        .. SCOPE:gsub("%?", "$2") .. ")", id, ctx.scope and db.array(ctx.scope))
    return row or problem.raise("not_found")
end

local function discard(ctx)
    local row = find(ctx)
    db.rows("delete from dead_letter where ts = $1::timestamptz and id = $2", row.ts, row.id)
    ctx:audit { target = tostring(row.id), before = row.doc }
    return reply.empty()
end

local FILTER = schema.named("DeadLetterFilter", {
    type = "object", additionalProperties = false,
    description = "Which dead letters; all given conditions hold.",
    properties = {
        reason = { type = "string", maxLength = 64 }, product = types.KEY, device = types.KEY,
        from = types.TIME, to = types.TIME,
        limit = { type = "integer", minimum = 1, maximum = 1000, default = 100 },
    },
})

local REPLAYED = schema.named("DeadLetterReplay", {
    type = "object",
    required = { "stored", "duplicate", "ignored", "dead", "retry", "incomplete", "more" },
    description = "What became of them. Stored, duplicate and ignored ones are gone from the list; "
        .. "dead and retry ones are still there. Incomplete: the body was cut at 64 KiB.",
    properties = {
        stored = types.COUNT, duplicate = types.COUNT, ignored = types.COUNT, dead = types.COUNT,
        retry = types.COUNT, incomplete = types.COUNT,
        more = { type = "boolean", description = "There are more that match." },
    },
})

local DISCARDED = schema.named("DeadLetterDiscard", {
    type = "object", required = { "discarded", "more" },
    properties = { discarded = types.COUNT, more = { type = "boolean" } },
})

local DONE = { stored = true, duplicate = true, ignored = true }

-- One letter through the scripts in force now. The row goes after its effects are committed: a
-- crash in between leaves it to be replayed once more, and its message key then makes it a
-- duplicate.
local function replay(row)
    if row.body_size > #row.body then
        return "incomplete"
    end
    local verdict, reason, detail = thing.replay(row.body, row.mtls)
    if DONE[verdict] then
        db.rows("delete from dead_letter where ts = $1::timestamptz and id = $2", row.ts, row.id)
    elseif verdict == "dead" then
        db.rows([[update dead_letter set reason = $3, detail = $4
            where ts = $1::timestamptz and id = $2]], row.ts, row.id, reason, detail or "")
    end
    return verdict
end

-- The rows that match, oldest first, so that each device's messages keep their order, and whether
-- there are more than the limit.
local function matching(ctx, columns)
    local body = ctx.body or {}
    local limit = body.limit or 100
    local rows = db.rows("select " .. columns .. [[ from dead_letter t
        where ($1::text is null or t.reason = $1) and ($2::text is null or t.product_key = $2)
        and ($3::text is null or t.device_key = $3)
        and ($4::timestamptz is null or t.ts >= $4::timestamptz)
        and ($5::timestamptz is null or t.ts < $5::timestamptz)
        and ($6::bigint[] is null or ]] .. SCOPE:gsub("%?", "$6") .. [[)
        order by t.ts, t.id limit $7]], body.reason, body.product, body.device,
        body.from and rfc3339.utc(body.from), body.to and rfc3339.utc(body.to),
        ctx.scope and db.array(ctx.scope), limit + 1)
    local more = #rows > limit
    rows[limit + 1] = nil
    return rows, more
end

local COLUMNS = "t.id, t.ts::text as ts, t.body, t.body_size, t.mtls"

local function replay_rows(ctx, rows, more)
    local counts = {
        stored = 0, duplicate = 0, ignored = 0, dead = 0, retry = 0, incomplete = 0, more = more,
    }
    for _, row in ipairs(rows) do
        local verdict = replay(row)
        counts[verdict] = counts[verdict] + 1
        if verdict == "retry" then
            counts.more = true
            break
        end
    end
    local text = jsonio.encode(counts)
    ctx:audit { target = "replay", after = text }
    return reply.json(text)
end

local function replay_all(ctx)
    return replay_rows(ctx, matching(ctx, COLUMNS))
end

local function replay_one(ctx)
    local found = find(ctx)
    return replay_rows(ctx, db.rows("select " .. COLUMNS .. [[ from dead_letter t
        where t.ts = $1::timestamptz and t.id = $2]], found.ts, found.id), false)
end

local function discard_all(ctx)
    local rows, more = matching(ctx, "t.id, t.ts::text as ts")
    for _, row in ipairs(rows) do
        db.rows("delete from dead_letter where ts = $1::timestamptz and id = $2", row.ts, row.id)
    end
    local text = jsonio.encode { discarded = #rows, more = more }
    ctx:audit { target = "discard", after = text }
    return reply.json(text)
end

return {
    name = "dead_letters", levels = { read = "operator", replay = "integrator",
        delete = "integrator" },
    routes = {
        {
            method = "GET", path = "/dead-letters", action = "read", id = "dead_letters.list",
                summary = "List dead letters",
            query = timeline.parameters {
                reason = { type = "string", maxLength = 64 }, product = types.KEY,
                    device = types.KEY,
            },
            answers = { [200] = { list = LETTER } }, run = list,
        },
        {
            method = "GET", path = "/dead-letters/summary", action = "read",
            id = "dead_letters.summary", summary = "Count dead letters by product and reason",
            query = {
                from = timeline.FROM, to = timeline.TO, product = types.KEY, device = types.KEY,
                reason = { type = "string", maxLength = 64 },
            },
            answers = { [200] = { list = TALLY } }, run = summary,
        },
        {
            method = "GET", path = "/dead-letters/{letter}", action = "read",
                id = "dead_letters.get",
            summary = "Read a dead letter with its body",
                answers = { [200] = { schema = WITH_BODY } },
            run = function(ctx)
                local row = find(ctx)
                local body, encoding = body_of(row)
                return reply.splice(row.doc, { body = body, encoding = encoding })
            end,
        },
        {
            method = "DELETE", path = "/dead-letters/{letter}", action = "delete",
                id = "dead_letters.delete",
            summary = "Discard a dead letter", write = true, answers = { [204] = {} },
                run = discard,
        },
        {
            method = "POST", path = "/dead-letters/{letter}/replay", action = "replay",
            id = "dead_letters.replay", summary = "Run one dead letter again",
            answers = { [200] = { schema = REPLAYED } }, run = replay_one,
        },
        {
            method = "POST", path = "/dead-letters/replay", action = "replay",
            id = "dead_letters.replay_all", summary = "Run all that match again, oldest first",
            body = FILTER, answers = { [200] = { schema = REPLAYED } }, run = replay_all,
        },
        {
            method = "POST", path = "/dead-letters/discard", action = "delete",
            id = "dead_letters.discard_all", summary = "Discard all that match", write = true,
            body = FILTER, answers = { [200] = { schema = DISCARDED } }, run = discard_all,
        },
    },
}
