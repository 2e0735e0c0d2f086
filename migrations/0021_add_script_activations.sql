-- SPDX-License-Identifier: Apache-2.0
--
-- Which version of a product's script was put in force when. Rolling back undoes the newest row that is not undone
-- yet, so going back several times goes back several steps.

-- up

create table script_activation (
    id bigint generated always as identity primary key,
    product_id bigint not null references product on delete cascade,
    version integer, -- null: none, the default product
    at timestamptz not null default now(),
    actor text not null default '',
    undone_at timestamptz,
    foreign key (product_id, version) references script_version (product_id, number)
);
create index script_activation_product on script_activation (product_id, id);

-- For the end of their retention.
create index script_run_minute on script_run (minute);
