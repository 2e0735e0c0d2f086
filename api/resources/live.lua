-- SPDX-License-Identifier: Apache-2.0
--
-- The live stream (server-sent events). What a listener may see is decided here, by the permissions
-- for each kind, and asked again while the stream is open; the events themselves never pass Lua.
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local permit = require "api.mw.permit"
local problem = require "thing.problem"
local types = require "api.types"

local KINDS = {
    latest = "latest:read", event = "events:read", presence = "presence:read",
        command = "commands:read", alarm = "alarms:read",
    job = "jobs:manage", script_log = "scripts:read",
}

local NAMES = {}
for name in pairs(KINDS) do
    NAMES[#NAMES + 1] = name
end
table.sort(NAMES)

local DESCRIPTION = [[
Each event has the kind as its type, JSON as its data and an id. `latest`: {product, device, time,
params}; `event`: also type; `presence`: {product, device, time, online, node}; `command`: {product,
device, state, ...}; `alarm`: {product, device, time, key, event (raised, changed, acknowledged,
cleared), severity, message}, and id and by of what people did; `job`: {id, kind, state, done,
total, failed} of one's own, and of others with jobs:manage; `script_log`: a line that a script
logged, as GET /products/{product}/scripts/log has them. A listener that comes back within a minute
with the header Last-Event-ID gets what it missed, or one event `resync`: then it has to read anew.
Without `device`, `latest` is a sample: at most 100 a second. A comment comes every 15 seconds.]]

local PRODUCT = "select id as v from product where key = $1"

local function product_id(ctx, scope)
    local id = db.value(PRODUCT, ctx.query.product)
    local seen = id and scope == nil
    for _, mine in ipairs(scope or {}) do
        seen = seen or mine == id
    end
    return seen and id or problem.raise("not_found")
end

-- What of each kind may be seen: true, or a list of products.
local function scopes(ctx)
    local kinds, all, union = {}, false, {}
    for _, name in ipairs(ctx.query.kinds or NAMES) do
        local found, scope = permit.scope(ctx.subject, KINDS[name])
        if not found and name == "job" and permit.scope(ctx.subject, "jobs:read") then
            found, scope = true, {} -- their own
        end
        if found then
            kinds[name] = scope and jsonio.array(scope) or true
            all = all or not scope
            table.move(scope or {}, 1, #(scope or {}), #union + 1, union)
        end
    end
    return kinds, not all and union or nil
end

local function open(ctx)
    if ctx.subject.must_change then
        problem.raise("password_change_required")
    end
    local kinds, scope = scopes(ctx)
    if next(kinds) == nil then
        problem.raise("forbidden", "This needs the permission to read one of these kinds.")
    end
    local spec = { kinds = kinds, device = ctx.query.device or "", product_id = 0,
        owner = ctx.subject.key }
    if ctx.query.product then
        spec.product_id = product_id(ctx, scope)
    end
    return { status = 200, headers = {}, body = "", stream = jsonio.encode(spec) }
end

return {
    name = "live", levels = {},
    routes = {
        {
            method = "GET", path = "/events", anyone = true, id = "live.stream",
                summary = "What happens, as it does",
            passive = true, -- a page that is only open keeps no session alive
            description = DESCRIPTION,
            query = {
                kinds = { type = "array", items = { type = "string", enum = NAMES },
                    description = "Only these." },
                product = types.KEY, device = types.KEY,
            },
            answers = { [200] = { text = "text/event-stream" } }, run = open,
        },
    },
}
