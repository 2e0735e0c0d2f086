-- SPDX-License-Identifier: Apache-2.0
--
-- What is due is looked for product by product, so that the backlog of one costs the others nothing. What people keep
-- with a device lies in memory with it once its product has a script, so it has a cap; rows from before may be larger
-- until they are changed.

-- up

create index outbox_ready on outbox (product_id, next_at) where state = 'waiting';
alter table device add constraint device_attributes_size check (octet_length(attributes::text) <= 16384) not valid,
    add constraint device_parameters_size check (octet_length(parameters::text) <= 16384) not valid;
