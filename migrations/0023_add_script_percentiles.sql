-- SPDX-License-Identifier: Apache-2.0
--
-- How long and large calls of scripts were, not on average but for how many; and what went wrong, with samples.

-- up

-- Histograms {"bucket": calls}. Bucket b = 4 * octave + quarter holds the values from 2^octave * (1 + quarter / 4) up to
-- the next; so they add up bucket by bucket, and a value is known to a quarter at worst.
alter table script_run
    add column wall_max_us bigint not null default 0,
    add column cpu_hist jsonb not null default '{}',
    add column wall_hist jsonb not null default '{}',
    add column memory_hist jsonb not null default '{}';

create function th_hist_add(a jsonb, b jsonb) returns jsonb language sql immutable parallel safe as $$
    select coalesce(jsonb_object_agg(bucket, n), '{}') from (
        select key as bucket, sum(value::bigint) as n
        from (select * from jsonb_each_text(a) union all select * from jsonb_each_text(b)) both_ group by key) x
$$;
-- The largest value of a bucket.
create function th_hist_top(bucket integer) returns bigint language sql immutable parallel safe as $$
    select ((1::bigint << (bucket / 4)) * (5 + bucket % 4) - 1) / 4
$$;

-- Errors of a version that differ in place or, numbers and quoted text aside, in message; each with its first and its
-- last sample. payload: the first KiB of the message it failed on.
create table script_error (
    product_id bigint not null references product on delete cascade,
    version integer not null,
    function text not null,
    digest uuid not null,
    kind text not null,
    place text not null,
    message text not null,
    count bigint not null,
    first_at timestamptz not null,
    first_device text not null,
    first_message text not null,
    first_payload bytea not null,
    first_size integer not null,
    first_text boolean not null, -- payload is UTF-8
    last_at timestamptz not null,
    last_device text not null,
    last_message text not null,
    last_payload bytea not null,
    last_size integer not null,
    last_text boolean not null,
    primary key (product_id, version, function, digest)
);
create index script_error_last on script_error (last_at);
