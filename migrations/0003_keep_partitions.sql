-- SPDX-License-Identifier: Apache-2.0
--
-- Partitions made ahead and dropped behind, per-product retention, the cap on dead letters. Called by every instance
-- again and again; a call that finds another at work, or a lock it does not get soon, leaves it to the next one, so that
-- traffic never queues behind housekeeping.

-- up

-- Every table that grows with traffic. Partitions cover [now - behind, now + ahead]; rows outside all of them go to
-- PARENT_rest, so that nothing with an odd time is ever refused.
create table partitioned (
    parent text primary key,
    unit text not null check (unit in ('hour', 'day', 'month')),
    behind interval not null,
    ahead interval not null,
    keep text not null check (keep in ('history', 'rollup', 'day')) -- retention.history, retention.rollups, 24 hours
);
insert into partitioned values
    ('property_history', 'day', '2 days', '2 days', 'history'),
    ('event_history', 'day', '2 days', '2 days', 'history'),
    ('connection_history', 'day', '2 days', '2 days', 'history'),
    ('command_log', 'day', '2 days', '2 days', 'history'),
    ('dead_letter', 'day', '2 days', '2 days', 'history'),
    ('message_seen', 'hour', '2 hours', '6 hours', 'day'),
    ('property_rollup_hour', 'month', '32 days', '32 days', 'rollup'),
    ('property_rollup_day', 'month', '32 days', '32 days', 'rollup');

create function th_partition_column(parent text) returns name language sql stable as $$
    select a.attname from pg_partitioned_table p join pg_attribute a
        on a.attrelid = p.partrelid and a.attnum = p.partattrs[0] where p.partrelid = parent::regclass
$$;

create function th_partition_form(unit text) returns text language sql immutable as $$
    select case unit when 'hour' then 'YYYYMMDD_HH24' when 'day' then 'YYYYMMDD' else 'YYYYMM' end
$$;

-- One partition, with the rows that went to the rest before it was there. Such rows, and days that have begun, are for
-- a lock on the whole table: a row that was routed to the rest just before would be refused by it just after.
create function th_partition_make(parent text, child text, first timestamptz, last timestamptz) returns void
language plpgsql as $$
declare
    rest text := parent || '_rest';
    key name := th_partition_column(parent);
    stray boolean;
begin
    execute format('select exists (select from %I where %I >= %L and %I < %L)', rest, key, first, key, last) into stray;
    if stray or first < now() + interval '1 hour' then
        execute format('lock table %I in access exclusive mode', parent);
    end if;
    execute format('create table %I (like %I including defaults including constraints)', child, parent);
    execute format('with moved as (delete from %I where %I >= %L and %I < %L returning *) insert into %I select * from moved',
        rest, key, first, key, last, child);
    execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, child, first, last);
end $$;

-- Makes the partitions that cover [first, last]; returns how many were not there.
create function th_partitions_make(parent text, unit text, first timestamptz, last timestamptz)
returns integer language plpgsql set timezone = 'UTC' as $$
declare
    t timestamptz := date_trunc(unit, first);
    step interval := ('1 ' || unit)::interval;
    child text;
    made integer := 0;
begin
    if to_regclass(parent || '_rest') is null then
        execute format('create table %I partition of %I default', parent || '_rest', parent);
    end if;
    while t <= last loop
        child := parent || '_' || to_char(t, th_partition_form(unit));
        if to_regclass(child) is null then
            perform th_partition_make(parent, child, t, t + step);
            made := made + 1;
        end if;
        t := t + step;
    end loop;
    return made;
end $$;

-- Whether reports before that time may go: their hours are in the rollups, which from now on are all that is known of
-- them. Ends the job's work on hours for the length of the transaction.
create function th_history_close(product bigint, before timestamptz) returns boolean language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtext('thingd rollup'));
    if exists (select from rollup_due r where r.hour < before and r.hour >= th_history_since(r.device_id)
            and (product = 0 or product = (select d.product_id from device d where d.id = r.device_id))) then
        return false;
    end if;
    insert into history_since (product_id, since) values (product, before)
    on conflict (product_id) do update set since = greatest(history_since.since, excluded.since);
    return true;
end $$;

-- Drops partitions that lie wholly before `before`, and rows of the rest that do; returns how many partitions.
create function th_partitions_drop(parent text, unit text, before timestamptz)
returns integer language plpgsql set timezone = 'UTC' as $$
declare
    edge timestamptz := date_trunc(unit, before);
    child text;
    dropped integer := 0;
    stray boolean;
begin
    execute format('select exists (select from %I where %I < %L)', parent || '_rest', th_partition_column(parent), edge)
        into stray;
    for child in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        -- case: the order in which conditions are looked at is PostgreSQL's to choose
        where i.inhparent = parent::regclass and case when c.relname = parent || '_rest' then false
            else to_timestamp(substr(c.relname, length(parent) + 2), th_partition_form(unit)) < edge end
    loop
        if dropped = 0 and parent = 'property_history' and not th_history_close(0, edge) then
            return 0;
        end if;
        execute format('drop table %I', child);
        dropped := dropped + 1;
    end loop;
    if stray and (parent <> 'property_history' or th_history_close(0, edge)) then
        execute format('delete from %I where %I < %L', parent || '_rest', th_partition_column(parent), edge);
    end if;
    return dropped;
end $$;

-- Keeps the first table that needs it, so that locks on one are never held while those on another are waited for;
-- returns how many partitions it made or dropped, 0 when all is well. Rollups are kept as long as what they gather.
create function th_partitions_keep(history interval, rollup interval) returns integer language plpgsql
set lock_timeout = '500ms' as $$
declare
    t record;
    done integer := 0;
begin
    if not pg_try_advisory_xact_lock(hashtext('thingd partitions')) then
        return 0;
    end if;
    for t in select p.*, now() - case p.keep when 'history' then history when 'rollup' then greatest(rollup, history)
            else interval '1 day' end as before from partitioned p order by p.parent loop
        begin
            done := th_partitions_make(t.parent, t.unit, greatest(now() - t.behind, t.before), now() + t.ahead);
            if done = 0 then
                done := th_partitions_drop(t.parent, t.unit, t.before);
            end if;
        exception when lock_not_available or deadlock_detected or check_violation then
            raise warning 'partitions of % wait for the next call: %', t.parent, sqlerrm;
            done := 0;
        end;
        if done > 0 then
            return done;
        end if;
    end loop;
    delete from dead_letter_count where minute < now() - history;
    return 0;
end $$;

do $$ begin
    while th_partitions_keep('30 days', '365 days') > 0 loop
    end loop;
end $$;

-- A product's own retention, settings.retention_days, where it is shorter than the platform's: deletes at most `most`
-- rows of each history; returns how many. To the hour, so that rollups stay whole.
create function th_retention_products(most bigint) returns bigint language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
    p record;
    reports bigint;
    events bigint;
    gone bigint := 0;
begin
    perform pg_advisory_xact_lock(hashtext('thingd retention'));
    for p in select * from (select id, date_trunc('hour', now()) - floor((settings ->> 'retention_days')::numeric)
                * interval '1 day' as before
            from product where jsonb_typeof(settings -> 'retention_days') = 'number') s
        where not exists (select from history_since h where h.product_id = s.id and h.swept >= s.before) loop
        continue when not th_history_close(p.id, p.before);
        with old as (select h.device_id, h.ts, h.digest from device d
                join property_history h on h.device_id = d.id and h.ts < p.before where d.product_id = p.id limit most)
        delete from property_history h using old
        where h.device_id = old.device_id and h.ts = old.ts and h.digest = old.digest;
        get diagnostics reports = row_count;
        with old as (select h.device_id, h.ts, h.digest from device d
                join event_history h on h.device_id = d.id and h.ts < p.before where d.product_id = p.id limit most)
        delete from event_history h using old
        where h.device_id = old.device_id and h.ts = old.ts and h.digest = old.digest;
        get diagnostics events = row_count;
        if reports < most and events < most then
            update history_since set swept = p.before where product_id = p.id;
        end if;
        gone := gone + reports + events;
        most := most - greatest(reports, events);
        exit when most <= 0;
    end loop;
    return gone;
end $$;

-- Of each product the newest dead letters within `most` bytes; returns how many went.
create function th_dead_letters_trim(most bigint) returns bigint language sql as $$
    with o as (select ts, id, sum(octet_length(body) + 300) over (partition by product_key order by ts desc, id desc)
            as bytes from dead_letter),
        gone as (delete from dead_letter d using o where d.ts = o.ts and d.id = o.id and o.bytes > most returning 1)
    select count(*) from gone
$$;
