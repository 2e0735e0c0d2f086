# SPDX-License-Identifier: Apache-2.0
"""Alarms: a script that does what reports say, and the tables."""

from . import hooks

SCRIPT = """local M = { api = 1 }

local function act(p)
    for _, key in ipairs(p.clear or {}) do thing.alarm.clear(key, { message = p.message }) end
    for _, key in ipairs(p.raise or {}) do
        thing.alarm.raise(key, { severity = p.severity, message = p.message, details = p.details })
    end
end

function M.on_property(msg)
    local p = msg.params
    act(p)
    if p.later then thing.later("act_later", p.later) end
    if p.fail then error("fails") end
    if p.no then return false, "no" end
    local a = p.look and thing.alarm.get(p.look)
    return { n = p.n, alarm = a or "none" }
end

function M.act_later(p) act(p) end

M.tests = {
    { name = "raises", input = { payload = { id = "1", params = { raise = { "hot" }, severity = "critical", look = "hot" } } },
        expect = { alarms = { { raise = "hot", severity = "critical" } },
            store = { { params = { alarm = { severity = "critical", count = 1, acknowledged = false } } } } } },
    { name = "counts one that is active", input = { alarms = { hot = { severity = "info", count = 4, acknowledged = true } },
            payload = { id = "1", params = { raise = { "hot" }, look = "hot" } } },
        expect = { store = { { params = { alarm = { severity = "warning", count = 5, acknowledged = false } } } } } },
    { name = "clears", input = { alarms = { hot = {} }, payload = { id = "1", params = { clear = { "hot", "cold" }, look = "hot" } } },
        expect = { alarms = { { clear = "hot" } }, store = { { params = { alarm = "none" } } } } },
}

return M
"""

ACTIVE = """select a.id, a.key, a.severity::text, a.message, a.details, th_ms(a.raised_at) raised, th_ms(a.last_raised_at) last,
    a.count, a.script_version version, a.acknowledged_by by, a.note from alarm a join device d on d.id = a.device_id
    where d.key = %s order by a.key"""
CLOSED = """select a.id, a.key, a.severity::text, a.message, a.details, th_ms(a.raised_at) raised, th_ms(a.last_raised_at) last,
    a.count, th_ms(a.cleared_at) cleared, a.cleared_by from alarm_closed a join device d on d.id = a.device_id
    where d.key = %s order by a.id"""
LOG = """select l.alarm_id, l.event, l.severity::text, l.message, l.details, th_ms(l.ts) ts, l.actor_kind kind, l.actor,
    l.script_version version from alarm_log l join device d on d.id = l.device_id where d.key = %s order by l.id"""


def active(stack, device):
    return stack.rows(ACTIVE, device.key)


def closed(stack, device):
    return stack.rows(CLOSED, device.key)


def log(stack, device):
    return stack.rows(LOG, device.key)


def say(device, ts=None, **params):
    return hooks.property_post(device, params, **({"ts": ts} if ts else {}))


def seen(stack, device):
    return stack.history(device)[-1]["params"]["alarm"]
