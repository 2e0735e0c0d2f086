-- SPDX-License-Identifier: Apache-2.0
--
-- The admin API. This is the only place where resources are joined to routes. The server calls
-- handle(request) in a coroutine per request, tick() once a minute and jobs() twice a second on one
-- worker.
--
--   request   { method, path, query, headers (names in lower case), body, body_size, peer,
--             loopback, id }; a body over 1 MiB is held back (thing.files.write_body), its text
--             empty
--   answer    { status, headers, body }; or instead of a body `pieces`, a function that returns
--             its texts one by one, then nil
local audit = require "api.mw.audit"
local auth = require "api.mw.auth"
local db = require "thing.db"
local idempotency = require "api.mw.idempotency"
local input = require "api.mw.input"
local jobs = require "api.jobs.run"
local limits = require "api.mw.limits"
local params = require "thing.params"
local permit = require "api.mw.permit"
local problem = require "thing.problem"
local reply = require "thing.reply"
local roles = require "api.roles"
local route = require "thing.route"
local schema = require "thing.schema"

local M = {}

-- In the order of the reference.
local RESOURCES = {
    "products", "devices", "bulk", "jobs", "uploads", "groups", "tags", "keys", "latest",
    "history", "series", "events", "presence", "shadow", "kv", "commands",
    "alarms", "scripts", "channels", "outbox", "dead_letters", "session", "resets", "oidc",
    "accounts", "roles", "tokens", "audit", "settings", "statistics", "live", "reference", "system",
}

local STEPS = { auth.step, limits.step, permit.step, input.step }

local TICKS = { idempotency.sweep }

M.PREFIX = "/api/v1"

-- Every route in the order of the reference; also read by api/gen.lua.
M.routes = {}

-- What may be seen follows from these: when they change, open live streams are asked again.
local RIGHTS = { session = true, resets = true, accounts = true, roles = true, tokens = true }

local paths = route.new()

local function add(resource, r)
    if r.action then
        r.permission = resource.name .. ":" .. r.action
    end
    r.tag = resource.name
    r.rights = RIGHTS[resource.name] and r.method ~= "GET"
    r.path = r.root and r.path or M.PREFIX .. r.path
    r.read_query = r.any_query and params.any or params.compile(r.query or {}, r.required)
    r.check_body = r.body and schema.compile(r.body)
    M.routes[#M.routes + 1] = r
    paths:add(r.method, r.path, r)
end

for _, name in ipairs(RESOURCES) do
    local resource = require("api.resources." .. name)
    roles.declare(resource.name, resource.levels)
    for _, r in ipairs(resource.routes) do
        add(resource, r)
    end
    for _, tick in ipairs(resource.ticks or {}) do
        TICKS[#TICKS + 1] = tick
    end
end

local BEHIND_MAX = 64

local behind = 0

local ctx_mt = { __index = {} }

-- Runs fn when the change is committed.
function ctx_mt.__index:after(fn)
    self.later[#self.later + 1] = fn
end

-- Runs fn when the request has been answered, outside of its transaction: for what may take long,
-- or whose length must tell nothing. At most BEHIND_MAX of these are under way per worker, over it
-- the request is answered `busy`.
function ctx_mt.__index:behind(fn)
    if behind >= BEHIND_MAX then
        problem.raise("busy", nil, { headers = { ["retry-after"] = "10" } })
    end
    self.request.behind = fn
end

function ctx_mt.__index:audit(entry)
    audit.write(self, entry)
end

local function context(request, r, found)
    return setmetatable({
        method = request.method, path = request.path, query_text = request.query,
            headers = request.headers,
        raw = request.body, body_size = request.body_size, peer = request.peer,
        loopback = request.loopback, id = request.id,
        route = r, params = found, later = {}, request = request,
    }, ctx_mt)
end

local function write(ctx)
    local key = idempotency.key(ctx)
    local answer = db.tx(function()
        ctx.later = {}
        local known = key and idempotency.recall(ctx, key)
        if known then
            return known
        end
        local made = ctx.route.run(ctx)
        if key then
            idempotency.remember(ctx, key, made)
        end
        return made
    end)
    for _, fn in ipairs(ctx.later) do
        fn()
    end
    return answer
end

local function dispatch(request)
    local method = request.method == "HEAD" and "GET" or request.method
    local r, found = paths:match(method, request.path)
    if not r and found then
        problem.raise("method_not_allowed", nil, { headers = { allow = table.concat(found,
            ", ") } })
    elseif not r then
        problem.raise("not_found")
    end
    local ctx = context(request, r, found)
    for _, step in ipairs(STEPS) do
        step(ctx)
    end
    local answer = r.write and write(ctx) or r.run(ctx)
    if r.rights then
        thing.live.recheck()
    end
    return answer
end

local function on_error(e)
    return problem.is(e) and e or { trace = debug.traceback(tostring(e), 2) }
end

local function answered(request)
    local ok, answer = xpcall(dispatch, on_error, request)
    if not ok and not problem.is(answer) then
        thing.log("error", "api_failed", request.method .. " " .. request.path .. ": "
            .. answer.trace)
        answer = problem.new("internal")
    end
    if not ok then
        answer = reply.problem(answer, request.id)
    end
    local tag = answer.status == 200 and request.method == "GET" and answer.headers.etag
    if tag and request.headers["if-none-match"] == tag then
        answer = reply.empty(304, { etag = tag })
    end
    for name, value in pairs(request.rate or {}) do
        answer.headers[name] = value
    end
    answer.headers["cache-control"] = answer.headers["cache-control"] or "no-store"
    return answer
end

function M.handle(request)
    local answer = answered(request)
    if not request.behind or answer.status >= 400 then
        return answer
    end
    thing.answer(answer)
    behind = behind + 1
    local ok, e = xpcall(request.behind, on_error)
    behind = behind - 1
    if not ok then
        thing.log("error", "api_behind_failed", problem.is(e) and tostring(e) or e.trace)
    end
    return answer
end

-- Called again and again on one worker, in coroutines without a request.
M.jobs = jobs.work

function M.tick()
    for _, run in ipairs(TICKS) do
        local ok, e = pcall(run)
        if not ok then
            thing.log("error", "api_tick_failed", tostring(e))
        end
    end
end

return M
