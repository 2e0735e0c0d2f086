-- SPDX-License-Identifier: Apache-2.0
--
-- thing.kv keeps values as the script wrote them: jsonb would turn 1e308 into 309 digits, and the caps on a device's
-- state are counted in the bytes that were written.

-- up

alter table device_state alter column kv drop default, alter column kv type json using kv::json,
    alter column kv set default '{}';
