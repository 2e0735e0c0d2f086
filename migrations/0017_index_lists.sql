-- SPDX-License-Identifier: Apache-2.0
--
-- Lists of a million devices: each filter and sort finds its rows by an index.

-- up

create extension if not exists pg_trgm;

-- Part of key or name. A search never has a line end, so it never matches across the two.
create index device_text on device using gin (lower(key || E'\n' || name) gin_trgm_ops);

-- Attributes as NAME=VALUE, for those short enough to be asked for. As an array its elements have statistics, so the
-- planner knows a common value from a rare one.
create function th_attribute_texts(attributes jsonb) returns text[] language sql immutable parallel safe as $$
    select coalesce(array_agg(a.key || '=' || a.value), '{}') from jsonb_each_text(attributes) a
    where length(a.key) <= 128 and length(a.value) <= 300
$$;
create index device_attributes on device using gin (th_attribute_texts(attributes));

-- Lists are sorted by the bytes of the keys, whatever the collation of the database: so a prefix is a range of the
-- order, and its first page ends with the first rows.
create index device_key_bytes on device (key collate "C");
create index device_product_key on device (product_id, key collate "C");

-- When a device was last seen changes with every message; an index on it would make each of them write to it. The hour
-- changes once in an hour. The product stands beside it, so that the devices of one are found in that order.
alter table device_state add column product_id bigint,
    add column seen_hour timestamptz not null generated always as
        (coalesce(date_bin('1 hour', seen_at, '1970-01-01 00:00:00+00'), '-infinity')) stored;
update device_state s set product_id = d.product_id from device d where d.id = s.device_id;
create or replace function th_device_state() returns trigger language plpgsql as $$
begin
    insert into device_state (device_id, product_id) values (new.id, new.product_id);
    return null;
end $$;
create index device_state_seen on device_state (seen_hour, device_id);
create index device_state_product_seen on device_state (product_id, seen_hour, device_id);

create index device_state_offline on device_state (device_id) where not online;
create index device_disabled on device (key collate "C") where not enabled;
