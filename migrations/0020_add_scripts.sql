-- SPDX-License-Identifier: Apache-2.0
--
-- Versions of products' scripts. A version never changes; which one is in force is one column of the product, so that
-- activating and rolling back is one update, told to every instance like any change of a product.

-- up

create table script_version (
    product_id bigint not null references product on delete cascade,
    number integer not null check (number > 0),
    source text not null check (octet_length(source) <= 1048576),
    note text not null default '' check (length(note) <= 4000),
    created_at timestamptz not null default now(),
    created_by text not null default '',
    primary key (product_id, number)
);
create function th_script_version_fixed() returns trigger language plpgsql as $$
begin
    raise exception 'a script version never changes';
end $$;
create trigger script_version_fixed before update on script_version
    for each row execute function th_script_version_fixed();

alter table product add column script_version integer,
    add constraint product_script foreign key (id, script_version) references script_version (product_id, number);

-- How the calls of each version's functions went, per minute; added up by all workers of all instances.
create table script_run (
    product_id bigint not null references product on delete cascade,
    version integer not null,
    function text not null,
    minute timestamptz not null,
    runs bigint not null,
    errors bigint not null,
    cpu_us bigint not null,
    cpu_max_us bigint not null,
    memory_max bigint not null,
    error text, -- the last one: place and message
    primary key (product_id, version, function, minute)
);
