-- SPDX-License-Identifier: Apache-2.0
--
-- Alarms as the API shows them, and what people do to those that are active. A change locks the
-- state of the devices first, as a batch of messages does, and moves its revision on: a batch that
-- was computed from what the alarms were is run again.
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local schema = require "thing.schema"
local types = require "api.types"

local M = {}

M.SEVERITY = { type = "string", enum = { "info", "warning", "critical" } }
M.KEY = { type = "string", minLength = 1, maxLength = 128, description = "Chosen by the script." }
M.NOTE = { type = "string", maxLength = 1000 }

M.SCHEMA = schema.named("Alarm", {
    type = "object",
    required = { "id", "product", "device", "key", "source", "state", "severity", "message",
        "details", "script_version", "raised_at", "last_raised_at", "count", "acknowledged_at",
        "acknowledged_by", "note", "cleared_at", "cleared_by" },
    properties = {
        id = { type = "integer", minimum = 1,
            description = "Stays the alarm's when it is cleared; one raised anew has another." },
        product = types.KEY, device = types.KEY, key = M.KEY,
        source = { type = "string", enum = { "script", "rule" }, description = "What raised it." },
        state = { type = "string", enum = { "active", "cleared" } }, severity = M.SEVERITY,
        message = { type = "string" }, details = types.ANY,
        script_version = { type = { "integer", "null" }, description = "Of the newest raise." },
        raised_at = types.TIME, last_raised_at = types.TIME,
        count = { type = "integer", minimum = 1, description = "How often it was raised." },
        acknowledged_at = types.TIME_OR_NULL, acknowledged_by = { type = { "string", "null" } },
        note = { type = "string", description = "Of who acknowledged it." },
        cleared_at = types.TIME_OR_NULL,
        cleared_by = { type = { "string", "null" },
            description = "Who; null when what raised it did." },
    },
})

M.DOCUMENT = [[json_build_object('id', t.id, 'product', p.key, 'device', d.key, 'key', t.key,
    'source', t.source, 'state', case when t.cleared_at is null then 'active' else 'cleared' end,
    'severity', t.severity, 'message', t.message, 'details', t.details,
    'script_version', t.script_version, 'raised_at', th_rfc3339(t.raised_at),
    'last_raised_at', th_rfc3339(t.last_raised_at), 'count', t.count,
    'acknowledged_at', th_rfc3339(t.acknowledged_at), 'acknowledged_by', t.acknowledged_by,
    'note', t.note, 'cleared_at', th_rfc3339(t.cleared_at), 'cleared_by', t.cleared_by)]]

local COLUMNS = [[id, device_id, product_id, key, source, script_version, severity, message,
    details, raised_at, last_raised_at, count, acknowledged_at, acknowledged_by, note]]

local ACTIVE = "select " .. COLUMNS .. [[, null::timestamptz as cleared_at, null::text as cleared_by
    from alarm]]
local CLOSED = "select " .. COLUMNS .. ", cleared_at, cleared_by from alarm_closed"

local function from(rows)
    return "(" .. rows .. [[) t join product p on p.id = t.product_id
        join device d on d.id = t.device_id]]
end

-- For `from`, by what states are asked for.
M.FROM = { active = from(ACTIVE), cleared = from(CLOSED),
    all = from(ACTIVE .. " union all " .. CLOSED) }

-- What is done to alarms: a change that returns their rows and the time `at`, and its entry in
-- their log. $1 ids, $2 the name of who does it, $3 a note, $4 and $5 kind and id of who does it.
local function doing(event, change)
    return { event = event, sql = "with a as (" .. change .. [[), l as (
        insert into alarm_log (alarm_id, device_id, ts, event, severity, message, actor_kind,
            actor_id, actor)
        select id, device_id, at, ']] .. event .. [[', severity, $3, $4, $5, $2 from a)
        select a.id, a.device_id, a.product_id, a.key, a.severity, th_rfc3339(a.at) as time,
            p.key as product, d.key as device
        from a join product p on p.id = a.product_id join device d on d.id = a.device_id]] }
end

-- Neither is before the newest raise, whatever the clocks say.
M.ACKNOWLEDGE = doing("acknowledged", [[update alarm
    set acknowledged_at = greatest(now(), last_raised_at), acknowledged_by = $2, note = $3
    where id = any($1::bigint[]) and acknowledged_at is null
    returning *, acknowledged_at as at]])

M.CLEAR = doing("cleared", [[delete from alarm where id = any($1::bigint[])
    returning *, greatest(now(), last_raised_at) as at), closed as (
    insert into alarm_closed (]] .. COLUMNS .. ", cleared_at, cleared_by) select " .. COLUMNS
    .. ", at, $2 from a")

local LOCK = [[select s.device_id from device_state s where s.device_id in
    (select a.device_id from alarm a where a.id = any($1::bigint[])) order by 1 for update]]

local TOUCH = "update device_state set rev = rev + 1 where device_id = any($1::bigint[])"

-- Once it is committed: the owners of the devices read them anew, and those who watch are told.
local function tell(ctx, action, note, rows)
    local by = ctx.subject.name
    ctx:after(function()
        for _, row in ipairs(rows) do
            thing.device.forget(row.device)
            thing.live.publish("alarm", row.product_id, row.device, jsonio.encode {
                product = row.product, device = row.device, time = row.time, id = row.id,
                key = row.key, event = action.event, severity = row.severity, message = note,
                by = by,
            })
        end
    end)
end

-- Does M.ACKNOWLEDGE or M.CLEAR to those of these alarms that are still as they have to be for it;
-- returns how many they were.
function M.act(ctx, action, ids, note)
    local subject, list = ctx.subject, db.array(ids)
    note = note or ""
    db.rows(LOCK, list)
    local rows = db.rows(action.sql, list, subject.name, note, subject.kind, subject.id)
    local devices = {}
    for i, row in ipairs(rows) do
        devices[i] = row.device_id
    end
    db.rows(TOUCH, db.array(devices))
    tell(ctx, action, note, rows)
    return #rows
end

return M
