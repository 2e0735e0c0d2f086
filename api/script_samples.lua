-- SPDX-License-Identifier: Apache-2.0
--
-- What to try a script with: a message or a function's call that the caller gives, a dead letter,
-- or the last messages of the product. A sample is { device =, topic = (below
-- {product}/{device}/) or timer = (the function), payload = bytes (the arguments), time = RFC 3339
-- or nil, received = the same in ms, kv = JSON or nil, stored = JSON of what the history has of it,
-- "null" for a dead letter, or nil }, or { device =, input = JSON } for what is neither.
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local problem = require "thing.problem"

local M = {}

M.DEFAULT_TOPIC = "thing/event/property/post"

local LETTER = [[select action, body, body_size, th_rfc3339(ts) as time, th_ms(ts) as ms
    from dead_letter where id = $1 and product_key = $2]]

-- What was stored, in the form it is posted in; and the letters that scripts left.
local LAST = [[
    select *, th_rfc3339(ts) as time from (
        (select h.ts, d.key as device, h.params::text as params, th_ms(h.ts) as ms,
            null::bytea as body from
            (select d.id, d.key from device d join device_state s on s.device_id = d.id
                where d.product_id = $1 and not $5::boolean and ($4::text is null or d.key = $4)
                order by s.seen_at desc nulls last limit $3) d,
            lateral (select ts, params from property_history h where h.device_id = d.id
                order by h.ts desc limit $3) h
            order by h.ts desc limit $3)
        union all
        (select ts, device_key, null, th_ms(ts), body from dead_letter where product_key = $2
            and action = 'message_publish' and body_size = octet_length(body)
            and ($4::text is null or device_key = $4)
            and reason in ('script_error', 'scripts_off', 'rejected', 'no_handler')
            order by ts desc limit $3)
    ) samples order by ts desc limit $3]]

local function decode_base64(text)
    return db.value("select decode($1, 'base64') as v", text)
end

-- Of a hook's body, or nil when it is none of a published message.
local function of_hook(body)
    local hook = jsonio.decode(body)
    local topic = type(hook) == "table" and hook.topic
    local device, rest = tostring(topic):match("^/?[^/]+/([^/]+)/(.+)$")
    if not device or type(hook.payload) ~= "string" then
        return nil
    end
    return { device = device, topic = rest, payload = decode_base64(hook.payload) }
end

local function letter(product, id)
    local row = db.row(LETTER, id, product.key) or problem.raise("unknown_reference",
        "The product has no dead letter " .. id .. ".")
    local sample = row.body_size == #row.body and of_hook(row.body)
    if not sample then
        problem.raise("unknown_reference", "The dead letter holds no whole message.")
    end
    sample.time, sample.received = row.time, row.ms
    return { sample }
end

local function last(product, body)
    local samples = {}
    local rows = db.rows(LAST, product.id, product.key, body.last, body.device,
        body.letters == true)
    for _, row in ipairs(rows) do
        local payload = row.params
            and ('{"id":"try","time":%d,"params":%s}'):format(row.ms, row.params)
        local sample = row.body and of_hook(row.body) or payload
            and { device = row.device, topic = M.DEFAULT_TOPIC, payload = payload }
        if sample then
            sample.time, sample.received = row.time, row.ms
            sample.stored = row.params or "null"
            samples[#samples + 1] = sample
        end
    end
    return samples
end

-- The payload as it was written: text stays text, anything else its own JSON.
local function given(ctx)
    if ctx.body.input then
        local input = db.value("select ($1::jsonb -> 'input')::text as v", ctx.raw)
        return { { device = ctx.body.device, input = input } }
    end
    local payload = db.value([[select case jsonb_typeof($1::jsonb -> 'payload') when 'string'
        then $1::jsonb ->> 'payload' else ($1::jsonb -> 'payload')::text end as v]], ctx.raw)
    if ctx.body.base64 then
        payload = decode_base64(ctx.body.base64)
    end
    return { { device = ctx.body.device, topic = ctx.body.topic or M.DEFAULT_TOPIC,
        payload = payload } }
end

local function chosen(ctx)
    local body = ctx.body
    if body.letter then
        return letter(ctx.product, body.letter)
    elseif body.last then
        return last(ctx.product, body)
    elseif body.timer then
        return { { device = body.device, timer = body.timer.name, payload = db.value(
            "select coalesce($1::jsonb #> '{timer,args}', 'null')::text as v", ctx.raw) } }
    end
    local gives = body.payload ~= nil or body.base64 or body.input
    return gives and given(ctx) or {}
end

-- The samples that the body asks for; none when it names no message.
function M.of(ctx)
    local samples = chosen(ctx)
    for _, member in ipairs { "kv", "alarms" } do
        local text = ctx.body[member]
            and db.value("select ($1::jsonb -> $2)::text as v", ctx.raw, member)
        for _, sample in ipairs(samples) do
            sample[member] = text
        end
    end
    return samples
end

return M
