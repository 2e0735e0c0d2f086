-- SPDX-License-Identifier: Apache-2.0
--
-- A version may be several files: the script, and what it requires by name ({"lib.decode": "source"}). An older binary
-- that is still running cannot load a version that has any, and keeps the one before.

-- up

alter table script_version add column modules jsonb not null default '{}'
    check (jsonb_typeof(modules) = 'object' and octet_length(modules::text) <= 2097152);
