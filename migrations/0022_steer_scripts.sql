-- SPDX-License-Identifier: Apache-2.0
--
-- Scripts under way: switched off, in force for some devices first (a canary), undone by the system when they fail.

-- up

-- canary: which devices run canary_version, one of {"percent": n}, {"devices": [keys]}, {"tag": t}, {"group": key};
-- beside it "size": how many they were when it began, at most 1000. scripts_changed_at: for instances that look
-- whether they missed a notification.
alter table product
    add column canary_version integer,
    add column canary jsonb check (jsonb_typeof(canary) = 'object'),
    add column scripts_changed_at timestamptz not null default now(),
    add constraint product_canary foreign key (id, canary_version) references script_version (product_id, number),
    add constraint product_canary_whole check ((canary_version is null) = (canary is null));
create index product_scripts_changed on product (scripts_changed_at);
create function th_us(t timestamptz) returns bigint language sql immutable parallel safe
    as $$ select (extract(epoch from t) * 1000000)::bigint $$;

-- A time that was written as text, null when it is none: what stands in a document must not stop what reads it.
create function th_time_of(written text) returns timestamptz language plpgsql stable as $$
begin
    return written::timestamptz;
exception when data_exception then
    return null;
end $$;

create function th_scripts_changed() returns trigger language plpgsql as $$
begin
    if (new.script_version, new.canary_version, new.canary, new.settings)
        is distinct from (old.script_version, old.canary_version, old.canary, old.settings) then
        new.scripts_changed_at := clock_timestamp();
    end if;
    return new;
end $$;
create trigger product_scripts_changed before update on product
    for each row execute function th_scripts_changed();

-- The switch over all products' scripts.
create function th_scripts_enabled(value jsonb) returns boolean language sql immutable parallel safe
    as $$ select coalesce((value ->> 'scripts_enabled')::boolean, true) $$;
alter table setting add column scripts_changed_at timestamptz not null default now();
create function th_scripts_switched() returns trigger language plpgsql as $$
begin
    if th_scripts_enabled(new.value) <> th_scripts_enabled(old.value) then
        new.scripts_changed_at := clock_timestamp();
        perform pg_notify('thingd', 'scripts:');
    end if;
    return new;
end $$;
create trigger setting_scripts_switched before update on setting
    for each row execute function th_scripts_switched();

-- Flags of a row in a history as the API says them.
create function th_row_flags(flags smallint) returns json language sql immutable parallel safe as $$
    select to_json(array_remove(array[case when flags & 1 <> 0 then 'clock' end, case when flags & 2 <> 0 then 'raw' end],
        null))
$$;
comment on column property_history.flags is '1: the device''s clock was replaced by the broker''s; 2: stored as it came,'
    ' since the script failed or was off';
comment on column event_history.flags is 'as in property_history';

-- Where a device stands in the order in which shares take devices in: 0 to 9999, the same for ever, so that a share
-- that grows keeps those it has.
create function th_device_share(key text) returns integer language sql immutable parallel safe as $$
    select (('x' || encode(substr(sha256(convert_to(key, 'UTF8')), 1, 4), 'hex'))::bit(32)::bigint % 10000)::integer
$$;
create function th_canary_has(canary jsonb, d device) returns boolean language sql stable as $$
    select case
        when canary ? 'percent' then th_device_share((d).key) < (canary ->> 'percent')::numeric * 100
        when canary ? 'devices' then canary -> 'devices' ? (d).key
        when canary ? 'tag' then (d).tags @> array[canary ->> 'tag']
        when canary ? 'group' then exists (select from device_group g join device_group_member m on m.group_id = g.id
            where g.key = canary ->> 'group' and m.device_id = (d).id)
        else false end
$$;

-- Members of a group that is a canary are read again by those who know them.
create function th_canary_group_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('thingd', 'device:' || d.key) from changed c join device_group g on g.id = c.group_id
        join device d on d.id = c.device_id join product p on p.id = d.product_id
        where p.canary ->> 'group' = g.key;
    return null;
end $$;
create trigger device_group_member_joined after insert on device_group_member
    referencing new table as changed for each statement execute function th_canary_group_changed();
create trigger device_group_member_left after delete on device_group_member
    referencing old table as changed for each statement execute function th_canary_group_changed();
create function th_canary_group_kept() returns trigger language plpgsql as $$
begin
    if exists (select from product where canary ->> 'group' = old.key) then
        raise exception 'a canary goes by the group %', old.key using errcode = 'foreign_key_violation';
    end if;
    return old;
end $$;
create trigger device_group_kept before delete on device_group
    for each row execute function th_canary_group_kept();

create table script_canary (
    id bigint generated always as identity primary key,
    product_id bigint not null references product on delete cascade,
    version integer not null,
    target jsonb not null,
    at timestamptz not null default now(),
    actor text not null default '',
    ended_at timestamptz,
    ended_by text,
    outcome text check (outcome in ('promoted', 'aborted', 'failed', 'replaced')),
    why text,
    foreign key (product_id, version) references script_version (product_id, number)
);
create index script_canary_product on script_canary (product_id, id);
create function th_canary_end(of_product bigint, by_whom text, how text, reason text) returns void language sql as $$
    update script_canary set ended_at = now(), ended_by = by_whom, outcome = how, why = reason
    where product_id = of_product and ended_at is null
$$;

alter table script_activation add column undone_by text, add column undone_why text;

-- Undoes a version that fails: as a canary, or as the version in force, to the one before. Decided against what is in
-- force now, so that any number of instances may ask. outcome: canary, version; none: there is no version before it,
-- so it stays; null: it is no longer in force.
create function th_script_fall_back(of_product bigint, failing integer, reason text, out outcome text, out version integer)
    language plpgsql as $$
declare
    p product;
    last script_activation;
    before script_activation;
begin
    select * into p from product where id = of_product for no key update;
    if p.canary_version = failing then
        update product set canary_version = null, canary = null where id = p.id;
        perform th_canary_end(p.id, 'system', 'failed', reason);
        outcome := 'canary';
        version := p.script_version;
    elsif p.script_version = failing then
        outcome := 'none';
        version := failing;
        select * into last from script_activation a where a.product_id = p.id and a.undone_at is null
            order by a.id desc limit 1;
        select * into before from script_activation a where a.product_id = p.id and a.undone_at is null
            and a.id < last.id order by a.id desc limit 1;
        if last.version is distinct from failing or before.version is null then
            return;
        end if;
        update script_activation set undone_at = now(), undone_by = 'system', undone_why = reason where id = last.id;
        if p.canary_version = before.version then
            perform th_canary_end(p.id, 'system', 'promoted', reason);
        end if;
        update product set script_version = before.version,
            canary_version = nullif(canary_version, before.version),
            canary = case when canary_version is distinct from before.version then canary end where id = p.id;
        outcome := 'version';
        version := before.version;
    else
        return;
    end if;
    insert into audit (actor_kind, actor, action, target, product_id, product_key, before, after)
        values ('system', 'system', 'scripts:fallback', outcome, p.id, p.key, jsonb_build_object('version', failing),
            jsonb_build_object('version', version, 'reason', reason));
end $$;
