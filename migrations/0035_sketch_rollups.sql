-- SPDX-License-Identifier: Apache-2.0
--
-- What the line of an hour looks like, next to what it adds up to: pictures of long ranges are made of it instead of raw
-- history. Part of the hour's rollup, so its invariant holds for it too (see the migration of the rollups).
--
-- Each hour with numbers knows when its least and its greatest were reported. An hour of many numbers has its line as
-- well: of each five minutes the least and the greatest, with their times. Hours of fewer have none: as long as their raw
-- history is there they are read from it, and five minutes of each cost little.
--
-- Hours computed before this have neither, and are read from raw history until they come due again or age out; where
-- their raw history is gone already, pictures show nothing of them.

-- up

-- min_at, max_at: the first report with the least, with the greatest value; null without numbers.
-- line_at, line: the reports of the line and their values, least ones first; null up to 120 numbers.
-- Times are milliseconds since the start of the hour.
alter table property_rollup_hour
    add column min_at integer,
    add column max_at integer,
    add column line_at integer[],
    add column line numeric[];

-- Computes hours anew, and the days they lie in. A number and its time (seconds since 1970) are an array, so that they
-- sort by value, then by time; of the greatest the time is negative, so that the first of equals is the greatest too.
create or replace function th_rollup_compute(devices bigint[], hours timestamptz[]) returns void language plpgsql
set timezone = 'UTC' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    insert into property_rollup_hour (device_id, ts, property, min, max, sum, numbers, count, last, last_ts, min_at, max_at,
        line_at, line)
    select d.device_id, d.hour, g.property, g.least[1], g.greatest[1], g.sum, g.numbers, g.count,
        case when pg_column_size(l.value) <= 256 then l.value end, g.last_ts,
        (g.least[2] - d.second) * 1000, (-g.greatest[2] - d.second) * 1000,
        case when g.numbers > 120 then
            (select array_agg((at - d.second) * 1000) from unnest(g.low_at || g.high_at) at)::integer[] end,
        case when g.numbers > 120 then g.low || g.high end
    from (select p.part / 12 as n, p.property, min(p.least) as least, max(p.greatest) as greatest, sum(p.sum) as sum,
            sum(p.numbers)::bigint as numbers, sum(p.count)::bigint as count, max(p.last_ts) as last_ts,
            array_agg(p.least[1]) filter (where p.numbers > 0) as low,
            array_agg(p.least[2]) filter (where p.numbers > 0) as low_at,
            array_agg(p.greatest[1]) filter (where p.least[1] < p.greatest[1]) as high,
            array_agg(-p.greatest[2]) filter (where p.least[1] < p.greatest[1]) as high_at
        -- Twelve parts of each hour.
        from (select v.part, v.property, min(array[v.n, v.at]) filter (where v.n is not null) as least,
                max(array[v.n, -v.at]) filter (where v.n is not null) as greatest, sum(v.n), count(v.n) as numbers, count(*),
                max(v.ts) as last_ts
            -- offset 0: what stands below is worked out once, not wherever it is used.
            from (select e.part, e.property, e.ts, e.at, case when e.n > -1e300 and e.n < 1e300 then e.n end as n
                from (select due.n * 12 + date_part('minute', h.ts)::integer / 5 as part, j.key as property, h.ts,
                        extract(epoch from h.ts) as at,
                        case when jsonb_typeof(j.value) = 'number' then j.value::numeric end as n
                    from unnest(devices, hours) with ordinality due(device_id, hour, n)
                    join property_history h on h.device_id = due.device_id and h.ts >= due.hour
                        and h.ts < due.hour + interval '1 hour'
                    cross join lateral jsonb_each(h.params) j offset 0) e offset 0) v
            group by 1, 2) p
        group by 1, 2) g
    cross join lateral (select devices[g.n] as device_id, hours[g.n] as hour, extract(epoch from hours[g.n]) as second) d
    cross join lateral (select h.params -> g.property as value from property_history h
        where h.device_id = d.device_id and h.ts = g.last_ts and h.params ? g.property order by h.digest desc limit 1) l
    on conflict (device_id, ts, property) do update set min = excluded.min, max = excluded.max, sum = excluded.sum,
        numbers = excluded.numbers, count = excluded.count, last = excluded.last, last_ts = excluded.last_ts,
        min_at = excluded.min_at, max_at = excluded.max_at, line_at = excluded.line_at, line = excluded.line;

    insert into property_rollup_day (device_id, ts, property, min, max, sum, numbers, count, last, last_ts)
    select h.device_id, due.day, h.property, min(h.min), max(h.max), sum(h.sum), sum(h.numbers), sum(h.count),
        (array_agg(h.last order by h.last_ts desc))[1], max(h.last_ts)
    from (select distinct d.device_id, date_trunc('day', d.hour) as day from unnest(devices, hours) d(device_id, hour)) due
    join property_rollup_hour h on h.device_id = due.device_id and h.ts >= due.day and h.ts < due.day + interval '1 day'
    group by 1, 2, 3
    on conflict (device_id, ts, property) do update set min = excluded.min, max = excluded.max, sum = excluded.sum,
        numbers = excluded.numbers, count = excluded.count, last = excluded.last, last_ts = excluded.last_ts;
end $$;
