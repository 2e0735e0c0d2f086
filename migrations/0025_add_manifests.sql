-- SPDX-License-Identifier: Apache-2.0
--
-- What a version of a script declares (own topics, names of its functions) is read from it once, when it is kept, so
-- that who may publish where is known without running Lua. Null: kept by a release before this one; filled in when that
-- version is put in force again. Nothing else of a version changes.

-- up

alter table script_version add column manifest jsonb;

create or replace function th_script_version_fixed() returns trigger language plpgsql as $$
begin
    if old.manifest is null and to_jsonb(old) - 'manifest' = to_jsonb(new) - 'manifest' then
        return new;
    end if;
    raise exception 'a script version never changes';
end $$;
