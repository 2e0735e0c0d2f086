-- SPDX-License-Identifier: Apache-2.0
--
-- Figures for an overview. Nothing here scans: totals are counted as things change, the rest is
-- small or capped.
local db = require "thing.db"
local reply = require "thing.reply"
local schema = require "thing.schema"
local settings = require "api.settings"
local types = require "api.types"

local COUNTS = { type = "object", additionalProperties = types.COUNT }

local OVERVIEW = schema.named("Statistics", {
    type = "object", required = { "products", "devices", "online", "commands", "alarms",
        "dead_letters" },
    properties = {
        products = types.COUNT, devices = types.COUNT,
        online = types.COUNT,
        commands = schema.extend({ type = "object", properties = {} },
            { queued = types.COUNT, sent = types.COUNT }, { "queued", "sent" }),
        alarms = schema.extend({ type = "object", properties = {},
            description = "Active ones by severity; unacknowledged: of all these." },
            { critical = types.COUNT, warning = types.COUNT, info = types.COUNT,
                unacknowledged = types.COUNT },
            { "critical", "warning", "info", "unacknowledged" }),
        dead_letters = { type = "object", description = "Of the last 24 hours, by reason.",
            additionalProperties = types.COUNT },
    },
})

local FIGURES = schema.named("Figures", {
    type = "object", required = { "time", "counters" },
    properties = { time = types.TIME, counters = COUNTS },
})

-- $1: ids of the products the caller may see, null for all.
local OVERVIEW_SQL = [[
    select json_build_object(
        'products', (select count(*) from product p where $1::bigint[] is null or p.id = any($1)),
        'devices', (select coalesce(sum(c.devices), 0) from device_count c
            where $1::bigint[] is null or c.product_id = any($1)),
        'online', case when $1::bigint[] is null
            then (select count(*) from device_state s where s.online)
            else (select count(*) from device_state s join device d on d.id = s.device_id
                where s.online and d.product_id = any($1)) end,
        'commands', json_build_object(
            'queued', count(*) filter (where k.state = 'queued'),
            'sent', count(*) filter (where k.state = 'sent')),
        'alarms', (select json_build_object(
                'critical', count(*) filter (where a.severity = 'critical'),
                'warning', count(*) filter (where a.severity = 'warning'),
                'info', count(*) filter (where a.severity = 'info'),
                'unacknowledged', count(*) filter (where a.acknowledged_at is null))
            from alarm a where $1::bigint[] is null or a.product_id = any($1)),
        'dead_letters', (select coalesce(json_object_agg(l.reason, l.n), '{}') from (
            select reason, sum(n) as n from (
                select reason, count(*) as n from dead_letter l where ts > now() - interval '1 day'
                    and ($1::bigint[] is null or product_key in (select key from product
                        where id = any($1)))
                    group by reason
                union all select reason, sum(refused) from dead_letter_count
                    where minute > now() - interval '1 day'
                    and ($1::bigint[] is null or product_key in (select key from product
                        where id = any($1)))
                    group by reason) x group by reason) l)
        )::text as doc
    from command k where $1::bigint[] is null
        or k.device_id in (select id from device where product_id = any($1))]]

local SERIES_SQL = [[
    select json_build_object('time', th_rfc3339(b.bucket), 'counters', json_object_agg(b.name,
        b.n)) as doc
    from (select date_bin($3::text::interval, s.at, timestamptz 'epoch') as bucket, e.key as name,
            sum(e.value::bigint) as n
        from statistic s cross join lateral jsonb_each_text(s.counters) e
        where s.at >= $1::timestamptz and s.at < $2::timestamptz group by 1, 2) b
    group by b.bucket order by b.bucket limit 5000]]

local UNITS = { m = "minute", h = "hour", d = "day" }

local function series(ctx)
    local number, unit = ctx.query.bucket:match("^(%d+)(%a)$")
    local docs = {}
    local from = ctx.query.from or db.value("select th_rfc3339(now() - interval '1 day') as v")
    local to = ctx.query.to or "9999-12-31T00:00:00Z"
    for i, row in ipairs(db.rows(SERIES_SQL, from, to, number .. " " .. UNITS[unit])) do
        docs[i] = row.doc
    end
    return reply.list(docs)
end

-- What the counters gained since the last look; the first look only begins.
local last, instance

local function sample()
    local now, gained = thing.counters(), {}
    instance = instance or thing.crypto.secret():sub(1, 12)
    for name, value in pairs(last and now or {}) do
        if value > last[name] then
            gained[#gained + 1] = ('"%s":%d'):format(name, value - last[name])
        end
    end
    if last then
        db.rows([[insert into statistic (at, instance, counters) values (date_trunc('minute',
            now()), $1, $2)
            on conflict (at, instance) do nothing]], instance, "{"
                .. table.concat(gained, ",") .. "}")
    end
    last = now
    db.rows("delete from statistic where at < now() - $1 * interval '1 day'",
        settings.get("statistics_days"))
end

return {
    name = "statistics", levels = { read = "viewer" }, ticks = { sample },
    routes = {
        {
            method = "GET", path = "/statistics", action = "read", id = "statistics.get",
            summary = "How many of what, now", answers = { [200] = { schema = OVERVIEW } },
            run = function(ctx)
                return reply.json(db.row(OVERVIEW_SQL, ctx.scope and db.array(ctx.scope)).doc)
            end,
        },
        {
            method = "GET", path = "/statistics/series", action = "read", global = true,
                id = "statistics.series",
            summary = "What the platform's counters gained, over time",
            query = {
                from = types.TIME, to = types.TIME,
                bucket = { type = "string", pattern = "^[1-9][0-9]{0,3}[mhd]$", default = "5m" },
            },
            answers = { [200] = { list = FIGURES } }, run = series,
        },
    },
}
