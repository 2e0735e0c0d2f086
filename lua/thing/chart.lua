-- SPDX-License-Identifier: Apache-2.0
--
-- What a device reported, gathered in buckets of time, in one statement and thus one snapshot.
--
-- A bucket of whole hours is put together from rollups (whole days, the hours beside them) and from
-- raw history (hours still marked as due, parts of an hour at both ends). The result is what raw
-- history alone would say; of the time before raw history begins there are whole hours only. A
-- bucket of another length comes from raw history alone. See the migration of the rollups.
local db = require "thing.db"

local M = {}

local SECONDS = { s = 1, m = 60, h = 3600, d = 86400 }

local MEMBERS = {
    min = "g.min", max = "g.max", sum = "g.sum", count = "g.count",
    avg = "(g.sum / nullif(g.numbers, 0))::float8", last = "l.value",
}

-- Pieces of the statement. $1 device, $2 from, $3 to, $4 length of a bucket, $5 names of properties
-- where any are given.

-- The range, and the whole hours and days in it.
local BOUND = [[bound as materialized (
    select f.lo, f.hi, f.lo_hour, greatest(%s, f.lo_hour) as hi_hour,
        f.lo_day, greatest(f.hi_day, f.lo_day) as hi_day, f.since
    from (select lo, hi, th_history_since($1) as since,
        date_trunc('hour', lo + interval '1 hour' - interval '1 microsecond', 'UTC') as lo_hour,
        date_trunc('hour', hi, 'UTC') as hi_hour,
        date_trunc('day', lo + interval '1 day' - interval '1 microsecond', 'UTC') as lo_day,
        date_trunc('day', hi, 'UTC') as hi_day
        from (select $2::timestamptz as lo, $3::timestamptz as hi) t) f),
due as materialized (
    select d.hour from bound b join rollup_due d on d.device_id = $1
        and d.hour >= b.lo_hour and d.hour >= b.since and d.hour < b.hi_hour),
raw_range as materialized (
    select greatest(lo, since) as lo, least(lo_hour, hi) as hi from bound
    union all select greatest(hi_hour, since), hi from bound
    union all select hour, hour + interval '1 hour' from due)]]

-- SQL of `bound`, `due` and `raw_range` (lo, hi): the whole hours from bound.lo_hour to
-- bound.hi_hour that are not due have rollups, all else is raw. gone: only hours that are no more
-- in raw history.
function M.bound(gone)
    return BOUND:format(gone and "least(f.hi_hour, f.since)" or "f.hi_hour")
end

local RANGES = {
    raw = "raw_range as (select $2::timestamptz as lo, $3::timestamptz as hi)",
    hour = M.bound() .. [[,
hour_range as materialized (select lo_hour as lo, hi_hour as hi from bound)]],
    day = M.bound() .. [[,
due_day as materialized (
    select distinct date_trunc('day', hour, 'UTC') as day from due, bound
    where hour >= lo_day and hour < hi_day),
hour_range as materialized (
    select lo_hour as lo, least(lo_day, hi_hour) as hi from bound
    union all select greatest(hi_day, lo_hour), hi_hour from bound
    union all select day, day + interval '1 day' from due_day)]],
}

-- Raw history `h` of device $1 in the ranges `x`, which other parts of the statement work out.
-- `offset 0` keeps it apart: the planner cannot know how much lies in them, and would look for all
-- that the device ever said to compare it with each.
M.RAW = [[cross join lateral (select h.ts, h.params from property_history h
    where h.device_id = $1 and h.ts >= x.lo and h.ts < x.hi offset 0) h]]

-- In one range that is given.
local RAW_GIVEN = "join property_history h on h.device_id = $1 and h.ts >= x.lo and h.ts < x.hi"

local BUCKET = "date_bin($4::interval, %s, timestamptz 'epoch') as bucket, "

local EACH = "jsonb_each(h.params) e(name, value)"
local EACH_NAMED = [[(select n.name, h.params -> n.name as value
    from unnest($5::text[]) n(name) where h.params ?| $5::text[]) e]]

local RAW = "select " .. BUCKET:format("h.ts") .. [[e.name as property, min(v.n), max(v.n),
    sum(v.n), count(v.n) as numbers, count(*), null::jsonb as last, max(h.ts) as last_ts
from raw_range x %s cross join lateral %s cross join lateral (select th_number(e.value) as n) v
where e.value is not null group by 1, 2]]

local ROLLED = "select " .. BUCKET:format("r.ts") .. [[r.property, r.min, r.max, r.sum, r.numbers,
    r.count, r.last, r.last_ts from ]]
local HOURS = ROLLED .. [[hour_range x join property_rollup_hour r
    on r.device_id = $1 and r.ts >= x.lo and r.ts < x.hi
    where not exists (select from due where due.hour = r.ts)]]
local DAYS = ROLLED .. [[bound x join property_rollup_day r
    on r.device_id = $1 and r.ts >= x.lo_day and r.ts < x.hi_day
    where not exists (select from due_day where due_day.day = r.ts)]]

-- Parts of one bucket into one row per property.
local GATHERED = [[select bucket, property, min(min), max(max), sum(sum), sum(numbers) as numbers,
    sum(count) as count, (array_agg(last order by last_ts desc))[1] as last,
    max(last_ts) as last_ts from part group by 1, 2]]

-- The newest value of a bucket, looked up where no rollup keeps it.
local LAST = [[ left join lateral (select coalesce(g.last, (select h.params -> g.property
    from property_history h where h.device_id = $1 and h.ts = g.last_ts and h.params ? g.property
    order by h.digest desc limit 1)) as value) l on true]]

local function parts(kind, named)
    local wanted = named and " and r.property = any($5::text[])" or ""
    local out = { RAW:format(kind == "raw" and RAW_GIVEN or M.RAW, named and EACH_NAMED or EACH) }
    if kind ~= "raw" then
        out[#out + 1] = HOURS .. wanted
    end
    if kind == "day" then
        out[#out + 1] = DAYS .. wanted
    end
    return table.concat(out, " union all ")
end

local function members(aggregates)
    local out, last = {}, ""
    for i, name in ipairs(aggregates) do
        out[i] = ("'%s', %s"):format(name, MEMBERS[name])
        last = name == "last" and LAST or last
    end
    return "json_build_object(" .. table.concat(out, ", ") .. ")", last
end

-- "5m" -> seconds
function M.seconds(bucket)
    local number, unit = bucket:match("^(%d+)(%a)$")
    return math.tointeger(number) * SECONDS[unit]
end

local USUAL = { "1s", "5s", "10s", "30s", "1m", "5m", "10m", "30m", "1h", "2h", "3h", "6h", "12h",
    "1d", "2d", "7d", "30d", "365d" }

-- The shortest usual length of which no more than `points` buckets meet the range; times as
-- texts, `to` absent: now.
function M.fit(from, to, points)
    local seconds = db.value([[select extract(epoch from
        coalesce($2::timestamptz, now()) - $1::timestamptz)::float8 as v]], from, to)
    for _, bucket in ipairs(USUAL) do
        if seconds / M.seconds(bucket) + 1 <= points then
            return bucket
        end
    end
    return ("%dd"):format(math.max(1, math.ceil(seconds / 86400 / (points - 1))))
end

-- A day before the time, or before now, as text.
function M.day_before(to)
    return db.value([[select th_rfc3339(coalesce($1::timestamptz, now()) - interval '1 day') as v]],
        to)
end

-- What buckets of that many seconds are put together from: "raw", "hour" or "day".
function M.kind(seconds)
    return seconds % 86400 == 0 and "day" or seconds % 3600 == 0 and "hour" or "raw"
end

-- SQL with $1 device id, $2 from, $3 to, $4 length of a bucket, and $5 names of properties when
-- `named`; a row per bucket, at most limit + 1, `doc` the JSON of it.
function M.sql(kind, named, aggregates, order, limit)
    local object, last = members(aggregates)
    return ([[with %s, part as (%s), g as (%s)
        select json_build_object('time', th_rfc3339(g.bucket), 'properties',
            json_object_agg(g.property, %s)) as doc from g%s
        group by g.bucket order by g.bucket %s limit %d]]):format(RANGES[kind], parts(kind, named),
        GATHERED, object, last, order, limit + 1)
end

-- ---- one line per property, with gaps filled ----

-- Every bucket from the one that $2 lies in to the one before $3, with what is known of it.
local GRID = [[, f as (select b.bucket, n.name as property, v.value
    from generate_series(date_bin($4::interval, $2::timestamptz, timestamptz 'epoch'),
        $3::timestamptz - interval '1 microsecond', $4::interval) b(bucket)
    cross join unnest($5::text[]) n(name)
    left join v on v.bucket = b.bucket and v.property = n.name)]]

-- A gap has the value of the last bucket before it, or lies on the line between its neighbours.
local FILLED = {
    none = "",
    null = GRID,
    previous = GRID .. [[, k as (select f.*, count(f.value) over (partition by f.property
            order by f.bucket) as run from f),
        p as (select k.bucket, k.property, first_value(k.value) over (partition by k.property, k.run
            order by k.bucket) as value from k)]],
    linear = GRID .. [[, k as (select n.*,
            count(n.value) over (partition by n.property order by n.bucket) as run,
            count(n.value) over (partition by n.property order by n.bucket desc) as back
            from (select f.bucket, f.property, %s as value from f) n),
        q as (select k.*, first_value(k.value) over before as v0,
                first_value(k.bucket) over before as t0, first_value(k.value) over behind as v1,
                first_value(k.bucket) over behind as t1 from k
            window before as (partition by k.property, k.run order by k.bucket),
                behind as (partition by k.property, k.back order by k.bucket desc)),
        p as (select q.bucket, q.property, coalesce(q.value, q.v0 + (q.v1 - q.v0)
            * (extract(epoch from q.bucket - q.t0)
                / nullif(extract(epoch from q.t1 - q.t0), 0))) as value from q)]],
}

M.FILLS = { "none", "null", "previous", "linear" }

local FROM_FILL = { none = "v", null = "f", previous = "p", linear = "p" }

-- SQL with the parameters of M.sql, all of them given; a row per property that has any: property,
-- points (JSON of {time, value}, oldest first).
function M.lines_sql(kind, aggregate, fill)
    local _, last = members { aggregate }
    local numeric = aggregate == "last" and "th_number(f.value)" or "f.value::numeric"
    return ([[with %s, part as (%s), g as (%s), v as materialized (
        select g.bucket, g.property, %s as value from g%s)%s
        select x.property, json_agg(json_build_object('time', th_rfc3339(x.bucket),
            'value', x.value) order by x.bucket)::text as points
        from %s x group by x.property]]):format(RANGES[kind], parts(kind, true), GATHERED,
        MEMBERS[aggregate], last, FILLED[fill]:format(numeric), FROM_FILL[fill])
end

-- JSON of the points of each property, by name; params: from, to, bucket, aggregate (one), fill.
function M.lines(device, params, names)
    local seconds, out = M.seconds(params.bucket), {}
    for _, row in ipairs(db.rows(M.lines_sql(M.kind(seconds), params.aggregate, params.fill),
        device, params.from, params.to, seconds .. " seconds", names)) do
        out[row.property] = row.points
    end
    return out
end

-- params: from, to (absent: no bound), bucket, aggregate, order, limit; names: text[] or nil.
-- Returns the documents of the buckets, one more than the limit when there are more.
function M.read(device, params, names)
    local seconds = M.seconds(params.bucket)
    local values = { device, params.from or "-infinity", params.to or "infinity",
        seconds .. " seconds", names, n = names and 5 or 4 }
    local docs = {}
    for i, row in ipairs(db.rows_of(M.sql(M.kind(seconds), names ~= nil, params.aggregate,
        params.order, params.limit), values)) do
        docs[i] = row.doc
    end
    return docs
end

return M
