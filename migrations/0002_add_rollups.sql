-- SPDX-License-Identifier: Apache-2.0
--
-- Hourly and daily rollups of what devices report, exact also under late data.
--
-- The invariant: an hour of a device without a mark in rollup_due has a rollup that says what its raw rows say, in every
-- snapshot. So a reader takes marked hours from raw history and all others from here, in one statement.
--
-- A batch marks the hours that its reports fall into, in its own transaction: any hour but the running one each time, by
-- an upsert that locks the mark; the running one once per device, since its mark stays until the hour is over. The job
-- deletes marks and computes their hours from raw history in a later statement, thus with a newer snapshot: a report that
-- commits before the mark is taken is seen; one that holds the mark is passed over with it; one that comes later waits
-- and makes a new mark. A batch that relies on a mark made earlier holds a lock on the running hour, and the clock of the
-- server must agree that it runs; the job takes an hour's marks only when it gets that lock alone.
--
-- One job runs at a time: two that compute hours of one day would each miss the other's in the day's row.

-- up

create table rollup_due (
    device_id bigint not null,
    hour timestamptz not null,
    touched timestamptz not null default now(),
    primary key (device_id, hour)
);
create index rollup_due_hour on rollup_due (hour);

-- min, max, sum: over the values that are numbers below 1e300, exact, null without one; numbers: how many these are;
-- count: values of any kind; last: the value of the newest report, null when it is longer than 256 bytes and to be
-- looked up in raw history; last_ts: that report's time.
create table property_rollup_hour (
    device_id bigint not null,
    ts timestamptz not null, -- start of the hour
    property text not null,
    min numeric,
    max numeric,
    sum numeric,
    numbers bigint not null,
    count bigint not null,
    last jsonb,
    last_ts timestamptz not null,
    primary key (device_id, ts, property)
) partition by range (ts);

create table property_rollup_day (
    device_id bigint not null,
    ts timestamptz not null, -- start of the day, UTC
    property text not null,
    min numeric,
    max numeric,
    sum numeric,
    numbers bigint not null,
    count bigint not null,
    last jsonb,
    last_ts timestamptz not null,
    primary key (device_id, ts, property)
) partition by range (ts);

-- Raw history before `since` is incomplete or gone: the rollups are all that is known, and are not computed again.
-- swept: reports before it were deleted.
create table history_since (
    product_id bigint primary key, -- 0: of all products
    since timestamptz not null,
    swept timestamptz not null default '-infinity'
);
create function th_history_since(device bigint) returns timestamptz language sql stable parallel safe as $$
    select coalesce(max(h.since), '-infinity') from history_since h
    where h.product_id in (0, (select d.product_id from device d where d.id = device))
$$;

-- The value as a number that can be gathered, else null.
create function th_number(v jsonb) returns numeric language sql immutable parallel safe as $$
    select case when jsonb_typeof(v) = 'number' then case when abs(v::numeric) < 1e300 then v::numeric end end
$$;

-- The lock on an hour (hours since 1970) between batches and the job.
create function th_rollup_hour(t timestamptz) returns integer language sql immutable parallel safe
    as $$ select floor(extract(epoch from t) / 3600)::integer $$;

-- Called by a batch. marked[i]: the batch's clock says that hours[i] runs, and the device marked it before.
create function th_rollup_mark(devices bigint[], hours bigint[], marked boolean[], running bigint) returns void
language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(hashtext('thingd rollup hour'), running::integer);
    insert into rollup_due (device_id, hour) select distinct n.device_id, th_time(n.hour * 3600000)
        from unnest(devices, hours, marked) n(device_id, hour, marked)
        where not n.marked or clock_timestamp() >= th_time((running + 1) * 3600000) order by 1, 2
    on conflict (device_id, hour) do update set touched = now();
end $$;

-- Computes hours anew, and the days they lie in.
create function th_rollup_compute(devices bigint[], hours timestamptz[]) returns void language plpgsql
set timezone = 'UTC' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    insert into property_rollup_hour (device_id, ts, property, min, max, sum, numbers, count, last, last_ts)
    select g.device_id, g.hour, g.property, g.min, g.max, g.sum, g.numbers, g.count,
        case when pg_column_size(l.value) <= 256 then l.value end, g.last_ts
    from (select due.device_id, due.hour, e.key as property, min(v.n), max(v.n), sum(v.n), count(v.n) as numbers,
            count(*), max(h.ts) as last_ts
        from unnest(devices, hours) due(device_id, hour)
        join property_history h on h.device_id = due.device_id and h.ts >= due.hour and h.ts < due.hour + interval '1 hour'
        cross join lateral jsonb_each(h.params) e
        cross join lateral (select th_number(e.value) as n) v
        group by 1, 2, 3) g
    cross join lateral (select h.params -> g.property as value from property_history h
        where h.device_id = g.device_id and h.ts = g.last_ts and h.params ? g.property order by h.digest desc limit 1) l
    on conflict (device_id, ts, property) do update set min = excluded.min, max = excluded.max, sum = excluded.sum,
        numbers = excluded.numbers, count = excluded.count, last = excluded.last, last_ts = excluded.last_ts;

    insert into property_rollup_day (device_id, ts, property, min, max, sum, numbers, count, last, last_ts)
    select h.device_id, due.day, h.property, min(h.min), max(h.max), sum(h.sum), sum(h.numbers), sum(h.count),
        (array_agg(h.last order by h.last_ts desc))[1], max(h.last_ts)
    from (select distinct d.device_id, date_trunc('day', d.hour) as day from unnest(devices, hours) d(device_id, hour)) due
    join property_rollup_hour h on h.device_id = due.device_id and h.ts >= due.day and h.ts < due.day + interval '1 day'
    group by 1, 2, 3
    on conflict (device_id, ts, property) do update set min = excluded.min, max = excluded.max, sum = excluded.sum,
        numbers = excluded.numbers, count = excluded.count, last = excluded.last, last_ts = excluded.last_ts;
end $$;

-- The job: computes up to `most` marked hours that ended at least `grace` ago, for about `budget`; returns how many.
create function th_rollup(most integer, grace interval default '2 minutes', budget interval default '250 milliseconds')
returns integer language plpgsql set timezone = 'UTC' set enable_seqscan = off as $$
declare
    over timestamptz := date_trunc('hour', now() - greatest(grace, '0'));
    deadline timestamptz := clock_timestamp() + budget;
    devices bigint[];
    hours timestamptz[];
    done integer := 0;
begin
    if not pg_try_advisory_xact_lock(hashtext('thingd rollup')) then
        return 0;
    end if;
    while done < most and clock_timestamp() < deadline loop
        with due as (select r.device_id, r.hour from rollup_due r
                where r.hour < over
                    and pg_try_advisory_xact_lock(hashtext('thingd rollup hour'), th_rollup_hour(r.hour))
                order by r.hour limit least(20, most - done) for update skip locked),
            taken as (delete from rollup_due r using due where r.device_id = due.device_id and r.hour = due.hour
                returning r.device_id, r.hour)
        select coalesce(array_agg(device_id), '{}'), coalesce(array_agg(hour), '{}') into devices, hours from taken;
        exit when cardinality(devices) = 0;
        done := done + cardinality(devices);
        select coalesce(array_agg(t.device_id), '{}'), coalesce(array_agg(t.hour), '{}') into devices, hours
            from unnest(devices, hours) t(device_id, hour) where t.hour >= th_history_since(t.device_id);
        perform th_rollup_compute(devices, hours);
    end loop;
    return done;
end $$;
