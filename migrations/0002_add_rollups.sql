-- SPDX-License-Identifier: Apache-2.0
--
-- Hourly and daily rollups of numeric properties, exact also under late data.
--
-- Every batch marks the hours its reports fall into, in its own transaction: the running hour once per device (the
-- worker remembers), any other hour each time, by an update that locks the mark. The job deletes marks of hours that are
-- over and computes those hours anew from raw history in its next statement: a report that commits before the delete is
-- seen, one that holds the mark makes the delete wait, one that comes later makes a new mark.

-- up

create table rollup_due (
    device_id bigint not null,
    hour timestamptz not null,
    touched timestamptz not null default now(),
    primary key (device_id, hour)
);
create index rollup_due_hour on rollup_due (hour);

create table property_rollup_hour (
    device_id bigint not null,
    ts timestamptz not null, -- start of the hour
    property text not null,
    min double precision not null,
    max double precision not null,
    sum double precision not null,
    count bigint not null,
    last double precision not null,
    last_ts timestamptz not null,
    primary key (device_id, ts, property)
) partition by range (ts);

create table property_rollup_day (
    device_id bigint not null,
    ts timestamptz not null, -- start of the day, UTC
    property text not null,
    min double precision not null,
    max double precision not null,
    sum double precision not null,
    count bigint not null,
    last double precision not null,
    last_ts timestamptz not null,
    primary key (device_id, ts, property)
) partition by range (ts);

-- Now also months.
create or replace function th_partitions_make(parent text, unit text, first timestamptz, last timestamptz)
returns integer language plpgsql set timezone = 'UTC' as $$
declare
    t timestamptz := date_trunc(unit, first);
    step interval := ('1 ' || unit)::interval;
    form text := case unit when 'hour' then '_YYYYMMDD_HH24' when 'day' then '_YYYYMMDD' else '_YYYYMM' end;
    child text;
    made integer := 0;
begin
    perform pg_advisory_xact_lock(hashtext('thingd partitions'));
    if to_regclass(parent || '_rest') is null then
        execute format('create table %I partition of %I default', parent || '_rest', parent);
    end if;
    while t <= last loop
        child := parent || to_char(t, form);
        if to_regclass(child) is null then
            execute format('create table %I (like %I including defaults including constraints)', child, parent);
            execute format('with moved as (delete from %I where %I >= %L and %I < %L returning *) insert into %I select * from moved',
                parent || '_rest', th_partition_column(parent), t, th_partition_column(parent), t + step, child);
            execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, child, t, t + step);
            made := made + 1;
        end if;
        t := t + step;
    end loop;
    return made;
end $$;

create or replace function th_partitions_drop(parent text, unit text, before timestamptz)
returns integer language plpgsql set timezone = 'UTC' as $$
declare
    form text := case unit when 'hour' then 'YYYYMMDD_HH24' when 'day' then 'YYYYMMDD' else 'YYYYMM' end;
    child record;
    dropped integer := 0;
begin
    perform pg_advisory_xact_lock(hashtext('thingd partitions'));
    for child in
        select c.relname, to_timestamp(substr(c.relname, length(parent) + 2), form) as start
        from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = parent::regclass and c.relname <> parent || '_rest'
    loop
        if child.start + ('1 ' || unit)::interval <= before then
            execute format('drop table %I', child.relname);
            dropped := dropped + 1;
        end if;
    end loop;
    -- What had no partition of its own ages as well.
    execute format('delete from %I where %I < %L', parent || '_rest', th_partition_column(parent), before);
    return dropped;
end $$;

-- Per-product retention: a product's settings.retention_days below the platform's. Small steps, so that no lock is
-- held for long.
create function th_retention_products(most integer) returns bigint language plpgsql as $$
declare
    p record;
    n bigint;
    gone bigint := 0;
begin
    for p in select id, (settings ->> 'retention_days')::integer as days from product
        where jsonb_typeof(settings -> 'retention_days') = 'number' loop
        delete from property_history h using (select h2.device_id, h2.ts, h2.digest from property_history h2
            join device d on d.id = h2.device_id and d.product_id = p.id
            where h2.ts < now() - p.days * interval '1 day' limit most) old
        where h.device_id = old.device_id and h.ts = old.ts and h.digest = old.digest;
        get diagnostics n = row_count;
        gone := gone + n;
        delete from event_history h using (select h2.device_id, h2.ts, h2.digest from event_history h2
            join device d on d.id = h2.device_id and d.product_id = p.id
            where h2.ts < now() - p.days * interval '1 day' limit most) old
        where h.device_id = old.device_id and h.ts = old.ts and h.digest = old.digest;
        get diagnostics n = row_count;
        gone := gone + n;
    end loop;
    return gone;
end $$;

drop function th_partitions_keep(interval, interval);
create function th_partitions_keep(history interval, rollup interval) returns void language plpgsql as $$
declare
    parent text;
begin
    foreach parent in array array['property_history', 'event_history', 'connection_history', 'command_log', 'dead_letter'] loop
        perform th_partitions_make(parent, 'day', now() - interval '2 days', now() + interval '2 days');
        perform th_partitions_drop(parent, 'day', now() - history);
    end loop;
    perform th_partitions_make('message_seen', 'hour', now() - interval '2 hours', now() + interval '6 hours');
    perform th_partitions_drop('message_seen', 'hour', now() - interval '1 day');
    foreach parent in array array['property_rollup_hour', 'property_rollup_day'] loop
        perform th_partitions_make(parent, 'month', now() - interval '32 days', now() + interval '32 days');
        perform th_partitions_drop(parent, 'month', now() - rollup);
    end loop;
    delete from dead_letter_count where minute < now() - history;
end $$;
select th_partitions_keep('30 days', '365 days');

-- Computes up to `most` marked hours that ended at least `grace` ago; returns how many.
create function th_rollup(most integer, grace interval default '2 minutes') returns integer language plpgsql
set timezone = 'UTC' as $$
declare
    devices bigint[];
    hours timestamptz[];
begin
    with due as (select r.device_id, r.hour from rollup_due r where r.hour < date_trunc('hour', now() - grace)
            order by r.hour limit most for update skip locked),
        taken as (delete from rollup_due r using due where r.device_id = due.device_id and r.hour = due.hour
            returning r.device_id, r.hour)
    select coalesce(array_agg(device_id), '{}'), coalesce(array_agg(hour), '{}') into devices, hours from taken;

    insert into property_rollup_hour
    select due.device_id, due.hour, e.key, min(v.n), max(v.n), sum(v.n), count(*),
        (array_agg(v.n order by h.ts desc, h.digest desc))[1], max(h.ts)
    from unnest(devices, hours) due(device_id, hour)
    join property_history h on h.device_id = due.device_id and h.ts >= due.hour and h.ts < due.hour + interval '1 hour'
    cross join lateral jsonb_each(h.params) e
    cross join lateral (select (e.value #>> '{}')::double precision as n where jsonb_typeof(e.value) = 'number') v
    group by 1, 2, 3
    on conflict (device_id, ts, property) do update set min = excluded.min, max = excluded.max, sum = excluded.sum,
        count = excluded.count, last = excluded.last, last_ts = excluded.last_ts;

    insert into property_rollup_day
    select h.device_id, date_trunc('day', h.ts), h.property, min(h.min), max(h.max), sum(h.sum), sum(h.count),
        (array_agg(h.last order by h.last_ts desc))[1], max(h.last_ts)
    from (select distinct d.device_id, date_trunc('day', d.hour) as day from unnest(devices, hours) d(device_id, hour)) due
    join property_rollup_hour h on h.device_id = due.device_id and h.ts >= due.day and h.ts < due.day + interval '1 day'
    group by 1, 2, 3
    on conflict (device_id, ts, property) do update set min = excluded.min, max = excluded.max, sum = excluded.sum,
        count = excluded.count, last = excluded.last, last_ts = excluded.last_ts;
    return cardinality(devices);
end $$;
