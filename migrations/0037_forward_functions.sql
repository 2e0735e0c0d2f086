-- SPDX-License-Identifier: Apache-2.0
--
-- Functions that a device puts off for another of its product (thing.forward), as gateways do for what stands behind
-- them. They are not counted among those of the device they are for, whose owner learns of them only when they run.

-- up

-- The device that was named. A row that names none of the product is dead, and stays with the one that asked for it.
alter table outbox add column forwarded_to text check (octet_length(forwarded_to) between 1 and 128);
