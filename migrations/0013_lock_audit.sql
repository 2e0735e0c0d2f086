-- SPDX-License-Identifier: Apache-2.0
--
-- The server's own role may add to the audit log and read it, no more. (The trigger of the table holds even for those
-- whom no privilege binds.)

-- up

do $$
begin
    execute format('revoke update, delete, truncate on audit from public, %I', current_user);
end $$;
