-- SPDX-License-Identifier: Apache-2.0
--
-- How a version's functions did: figures per function, and what went wrong with samples.
local db = require "thing.db"
local reply = require "thing.reply"
local schema = require "thing.schema"
local types = require "api.types"

local M = {}

local QUANTILES = { 50, 95, 99 }

-- Kinds of figures with the column of the largest one, and how their members are called.
local KINDS = {
    { "cpu", max = "cpu_max_us", name = "cpu_p%d_us", text = "of CPU time" },
    { "wall", max = "wall_max_us", name = "wall_p%d_us", text = "of time passed" },
    { "memory", max = "memory_max", name = "memory_p%d", text = "of the script's whole state" },
}

local function each_quantile(fn)
    for _, kind in ipairs(KINDS) do
        for _, q in ipairs(QUANTILES) do
            fn(kind, q, kind.name:format(q))
        end
    end
end

local TEXT_OR_NULL = { type = { "string", "null" } }

M.RUNS = (function()
    local properties = {
        ["function"] = { type = "string" }, runs = types.COUNT, errors = types.COUNT,
        cpu_us = types.COUNT, cpu_avg_us = { type = "number" }, cpu_max_us = types.COUNT,
        wall_max_us = types.COUNT, memory_max = types.COUNT, first_at = types.TIME,
        last_at = types.TIME, last_error = TEXT_OR_NULL, last_error_at = types.TIME_OR_NULL,
    }
    local required = { "function", "runs", "errors", "cpu_us", "cpu_avg_us", "cpu_max_us",
        "wall_max_us", "memory_max", "first_at", "last_at", "last_error", "last_error_at" }
    each_quantile(function(kind, q, name)
        properties[name] = { type = { "integer", "null" }, minimum = 0, description =
            ("%d %% of the calls took no more %s, a quarter off at most."):format(q, kind.text) }
        required[#required + 1] = name
    end)
    return schema.named("ScriptRuns", { type = "object", required = required,
        properties = properties })
end)()

local SAMPLE = {
    type = "object", required = { "time", "device", "message", "payload", "encoding", "size" },
    properties = {
        time = types.TIME, device = { type = "string" }, message = { type = "string" },
        payload = { type = "string", description = "First KiB of the message." },
        encoding = { type = "string", enum = { "text", "base64" } },
        size = { type = "integer", minimum = 0, description = "Bytes of the whole message." },
    },
}

M.ERROR = schema.named("ScriptError", {
    type = "object",
    required = { "function", "kind", "place", "message", "count", "first", "last" },
    properties = {
        ["function"] = { type = "string" },
        kind = { type = "string", description = "error, cpu, wall, memory, ..." },
        place = { type = "string", description = "Chunk and line." },
        message = { type = "string",
            description = "# stands for numbers and quoted text, in which samples differ." },
        count = types.COUNT, first = SAMPLE, last = SAMPLE,
    },
})

M.RANGE = {
    from = { type = "string", format = "date-time", description = "Not before." },
    to = { type = "string", format = "date-time", description = "Before." },
}
M.LIMIT = { type = "integer", minimum = 1, maximum = 200, default = 50 }

-- $1 product, $2 version, $3 and $4 the range.
local RUNS = (function()
    local members = {}
    each_quantile(function(kind, q, name)
        members[#members + 1] = ([['%s', least(max(r.%s), (select top from quantile x
            where x.function = r.function and x.kind = '%s' and x.q = %d))]]):format(name,
            kind.max, kind[1], q)
    end)
    return [[
    with r as materialized (
        select * from script_run where product_id = $1 and version = $2
            and minute >= coalesce($3::timestamptz, now() - interval '1 day')
            and ($4::timestamptz is null or minute < $4::timestamptz)),
    histogram as (
        select r.function, k.kind, b.key::integer as bucket, sum(b.value::bigint) as n
        from r, lateral (values ('cpu', r.cpu_hist), ('wall', r.wall_hist),
            ('memory', r.memory_hist)) k (kind, calls), jsonb_each_text(k.calls) b
        group by 1, 2, 3),
    cumulated as (
        select *, sum(n) over (partition by function, kind order by bucket) as upto,
            sum(n) over (partition by function, kind) as total from histogram),
    quantile as (
        select c.function, c.kind, w.q, th_hist_top(min(c.bucket)) as top
        from cumulated c, unnest(array[]] .. table.concat(QUANTILES, ", ") .. [[]) w (q)
        where c.upto * 100 >= c.total * w.q group by 1, 2, 3)
    select json_build_object('function', r.function, 'runs', sum(r.runs), 'errors', sum(r.errors),
        'cpu_us', sum(r.cpu_us), 'cpu_avg_us', round(sum(r.cpu_us) / greatest(sum(r.runs), 1), 1),
        'cpu_max_us', max(r.cpu_max_us), 'wall_max_us', max(r.wall_max_us),
        'memory_max', max(r.memory_max), ]] .. table.concat(members, ", ") .. [[,
        'first_at', th_rfc3339(min(r.minute)), 'last_at', th_rfc3339(max(r.minute)),
        'last_error', (array_agg(r.error order by r.minute desc)
            filter (where r.error is not null))[1],
        'last_error_at', th_rfc3339(max(r.minute) filter (where r.error is not null))) as doc
    from r group by r.function order by r.function]]
end)()

local function documents(sql, ...)
    local docs = {}
    for i, row in ipairs(db.rows(sql, ...)) do
        docs[i] = row.doc
    end
    return reply.list(docs)
end

-- Of a version that exists.
function M.runs(ctx, number)
    return documents(RUNS, ctx.product.id, number, ctx.query.from, ctx.query.to)
end

local function sample(which)
    return ([[json_build_object('time', th_rfc3339(%s_at), 'device', %s_device,
        'message', %s_message, 'payload', case when %s_text then convert_from(%s_payload, 'UTF8')
            else translate(encode(%s_payload, 'base64'), E'\n', '') end,
        'encoding', case when %s_text then 'text' else 'base64' end,
        'size', %s_size)]]):gsub("%%s", which)
end

local ERRORS = [[select json_build_object('function', function, 'kind', kind, 'place', place,
    'message', message, 'count', count, 'first', ]] .. sample("first") .. ", 'last', "
    .. sample("last") .. [[) as doc from script_error where product_id = $1 and version = $2
    order by last_at desc, digest limit $3]]

-- The newest first.
function M.errors(ctx, number)
    return documents(ERRORS, ctx.product.id, number, ctx.query.limit)
end

function M.forget_old()
    db.rows("delete from script_run where minute < now() - interval '7 days'")
    db.rows("delete from script_error where last_at < now() - interval '30 days'")
end

return M
