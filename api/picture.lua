-- SPDX-License-Identifier: Apache-2.0
--
-- A line of numbers in few points that draw the same picture. Up to FEW reports are all looked at
-- (LTTB, see thing.lttb). Of more, the range is cut into parts, and the points are picked among the
-- least and the greatest report of each (MinMaxLTTB, Van Der Donckt et al., 2023). So every point
-- is a report, and peaks stay.
--
-- A range of at least one PART per point has parts of whole PARTs, counted from 1970: PostgreSQL
-- finds their reports in rollups, which know them (see the migration that sketches rollups), and
-- what no rollup knows in raw history; the picture is the same. The parts of a shorter range come
-- from raw history. Where raw history is gone there is what the rollups keep: the line of hours of
-- many reports, of the others the least and the greatest report of the hour.
local chart = require "thing.chart"
local db = require "thing.db"
local lttb = require "thing.lttb"

local M = {}

local FEW = 8000
local PART, PARTS = 300, 12 -- seconds; in an hour

-- $1 device, $2 from, $3 to, $4 property, $5 length of a part, $6 where a part begins. Subqueries
-- with `offset 0` are worked out once per row: what a report says is the dearest of all.

-- Numbers of the ranges: ts, n. Beyond 1e300 a number is no place on a chart.
local NUMBERS = [[(select e.ts, e.n from (select o.ts, o.value::numeric as n
    from (select h.ts, h.params -> $4::text as value
        from %s x ]] .. chart.RAW .. [[ offset 0) o
    where jsonb_typeof(o.value) = 'number' offset 0) e where e.n > -1e300 and e.n < 1e300)]]

local ROLLED = [[bound b join property_rollup_hour r on r.device_id = $1
    and r.property = $4::text and r.numbers > 0 and r.ts >= b.lo_hour and r.ts < b.hi_hour
    where not exists (select from due where due.hour = r.ts)]]

-- How many numbers there are, past FEW it does not matter how many; and are some of them gone?
local COUNT = ([[with %s select coalesce(r.n, 0) + l.n as n, coalesce(r.gone, false) as gone
    from (select sum(r.numbers)::bigint as n, bool_or(r.ts < b.since) as gone from %s) r,
        (select count(*) as n from (select from %s v limit %d) f) l]]):format(
    chart.bound(), ROLLED, NUMBERS:format("raw_range"), FEW + 1)

local ALL = ("select th_ms(v.ts) as t, v.n::text as v from %s v order by v.ts, v.n"):format(
    NUMBERS:format("(select $2::timestamptz as lo, $3::timestamptz as hi)"))

-- Of a rollup: the column that tells whether it has a line, the times and the values of that line.
local WIDE = { "min_at", "array[r.min_at, r.max_at]", "array[r.min, r.max]" }
local NARROW = { "line_at", "coalesce(r.line_at, " .. WIDE[2] .. ")",
    "coalesce(r.line, " .. WIDE[3] .. ")" }

-- A number and its time, in this order so that they sort. Of the greatest the time is negative:
-- among equals the first is the greatest, too.
local EXTREMES = "select date_bin($5::interval, v.ts, $6::timestamptz) as part, "
    .. "min(array[v.n, extract(epoch from v.ts)]) as least, "
    .. "max(array[v.n, -extract(epoch from v.ts)]) as greatest from %s v group by 1"

local function candidates_sql(line, gone)
    local raw = NUMBERS:format("(select lo, hi from raw_range union all "
        .. "select ts, ts + interval '1 hour' from rolled where raw)")
    local sketched = ([[(select r.ts + l.at * interval '1 millisecond' as ts, l.n
        from rolled r cross join lateral unnest(%s, %s) l(at, n)
        where not r.raw and l.at is not null)]]):format(line[2], line[3])
    return ([[with %s,
        rolled as materialized (select r.ts, r.min, r.max, r.min_at, r.max_at, r.line_at, r.line,
            r.%s is null and r.ts >= b.since as raw from %s),
        found as (%s union all %s),
        part as materialized (select min(least) as least, max(greatest) as greatest from found
            group by part)
        select (p.at * 1000)::bigint as t, p.n::text as v
        from (select least[2] as at, least[1] as n from part
            union all select -greatest[2], greatest[1] from part where least[1] < greatest[1]) p
        order by p.at, p.n]]):format(chart.bound(gone), line[1], ROLLED, EXTREMES:format(raw),
        EXTREMES:format(sketched))
end

local FROM_LINES, FROM_HOURS = candidates_sql(NARROW), candidates_sql(WIDE)
local FROM_RAW = candidates_sql(NARROW, true)

-- The statement, the length of a part in seconds, and where one begins. Two to four parts for each
-- point, where the range has so many.
function M.plan(params, count)
    local parts = params.seconds / PART
    if parts < count then
        return FROM_RAW, math.max(params.seconds / (2 * count), 0.001), params.from
    end
    local joined = math.max(1, math.floor(parts / (2 * count)))
    if joined < PARTS then
        return FROM_LINES, joined * PART, "epoch"
    end
    return FROM_HOURS, joined // PARTS * PARTS * PART, "epoch"
end

local function points(rows)
    local out = {}
    for i, row in ipairs(rows) do
        out[i] = { row.t, tonumber(row.v), row.v }
    end
    return out
end

-- params: from, to, and the seconds between. Returns { {time in ms, number, the number's text}, ...
-- }, at most count.
function M.read(device, params, name, count)
    local known = db.row(COUNT, device, params.from, params.to, name)
    if known.n <= FEW and not known.gone then
        return lttb.pick(points(db.rows(ALL, device, params.from, params.to, name)), count)
    end
    local sql, length, from = M.plan(params, count)
    return lttb.pick(points(db.rows(sql, device, params.from, params.to, name,
        ("%.6f seconds"):format(length), from)), count)
end

return M
