-- SPDX-License-Identifier: Apache-2.0
--
-- What is to be done after a commit and may fail: a row is committed together with what asked for it, taken by any
-- instance, and deleted together with what it brought about. kind later: a function of the product's script, called for
-- a device. due_at: when it was to be done first, part of the run's message key; next_at: when to look at the row again.
-- Taking a row moves next_at past its lease, so one whose taker died comes back by itself.

-- up

create table outbox (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('later')),
    product_id bigint not null references product on delete cascade,
    device_id bigint not null references device on delete cascade,
    key text check (octet_length(key) between 1 and 128), -- chosen by the script: a new row takes the old one's place
    name text not null,
    args json not null,
    state text not null default 'waiting' check (state in ('waiting', 'dead')),
    attempts integer not null default 0,
    created_at timestamptz not null default now(),
    due_at timestamptz not null,
    next_at timestamptz not null,
    error text, -- of the last attempt
    dead_at timestamptz
);
create unique index outbox_key on outbox (device_id, key) where state = 'waiting';
create index outbox_due on outbox (next_at) where state = 'waiting';
create index outbox_device on outbox (device_id, id);
create index outbox_product on outbox (product_id, id);
create index outbox_dead on outbox (dead_at) where state = 'dead';
