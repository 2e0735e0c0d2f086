-- SPDX-License-Identifier: Apache-2.0
--
-- Messages that could not be accepted, with the reason. Those that name no product of the caller's
-- are for platform-wide callers only.
local db = require "thing.db"
local problem = require "thing.problem"
local reply = require "thing.reply"
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

return {
    name = "dead_letters", levels = { read = "operator", delete = "integrator" },
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
    },
}
