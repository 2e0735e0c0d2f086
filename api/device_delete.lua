-- SPDX-License-Identifier: Apache-2.0
--
-- What goes along when devices go.
local db = require "thing.db"

local M = {}

-- Tables that hold what a device reported; they have no foreign key, since they are dropped by the
-- day.
local HISTORY = { "property_history", "event_history", "connection_history", "command_log",
    "message_seen", "property_rollup_hour", "property_rollup_day", "rollup_due", "alarm_closed",
    "alarm_log" }

M.QUERY = { type = "string", enum = { "keep", "delete" }, default = "keep",
    description = "What becomes of all that the device reported." }

-- Before the rows of these devices are deleted, in the same transaction. kept: their history stays.
function M.prepare(ids, kept)
    if kept then
        db.rows([[insert into device_deleted (id, product_id, product_key, key, name)
            select d.id, d.product_id, p.key, d.key, d.name from device d
            join product p on p.id = d.product_id where d.id = any($1::bigint[])]], db.array(ids))
        return
    end
    for _, name in ipairs(HISTORY) do
        db.rows(("delete from %s where device_id = any($1::bigint[])"):format(name), db.array(ids))
    end
end

-- Once it is committed: nobody goes by what it was, and its connection ends.
function M.tell(key)
    thing.device.forget(key)
    thing.device.kick(key)
end

return M
