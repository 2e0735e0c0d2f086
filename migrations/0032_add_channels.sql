-- SPDX-License-Identifier: Apache-2.0
--
-- Channels, by which notifications leave (thing.notify), and notifications in the outbox. kind notify: name is the
-- channel's key, args the notification; what names no channel that is open to the product is dead from the start. A
-- notification's key is the device's and the channel's. An instance of an earlier release takes such rows for functions
-- and fails at them, so scripts should notify once all instances are new.

-- up

create table channel (
    id bigint generated always as identity primary key,
    key text not null unique,
    name text not null default '',
    description text not null default '',
    product_id bigint references product on delete cascade, -- null: the platform's
    shared boolean not null default false, -- one of the platform's that scripts of all products may use
    notifier text not null,
    config jsonb not null default '{}',
    secrets bytea, -- a sealed JSON object; associated data: channel:ID
    secret_names text[] not null default '{}',
    enabled boolean not null default true,
    rev bigint not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (not shared or product_id is null)
);
create index channel_product on channel (product_id);

alter table outbox drop constraint outbox_kind_check, add constraint outbox_kind_check check (kind in ('later', 'notify'));
drop index outbox_key;
create unique index outbox_key on outbox (device_id, key) where state = 'waiting' and kind = 'later';
create unique index outbox_notify_key on outbox (device_id, name, key) where state = 'waiting' and kind = 'notify';
drop index outbox_ready;
create index outbox_ready on outbox (product_id, next_at) where state = 'waiting' and kind = 'later';
create index outbox_notify on outbox (product_id, name, next_at) where state = 'waiting' and kind = 'notify';
