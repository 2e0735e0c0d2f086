-- SPDX-License-Identifier: Apache-2.0
--
-- The server that a command talks to: where it is, requests, pages, and what its refusals mean.
local fail = require "thing.cli.fail"
local jsonio = require "thing.jsonio"
local profile = require "thing.cli.profile"
local text = require "thing.cli.text"

local M = {}
M.__index = M

local DEFAULT_SERVER = "http://127.0.0.1:8080"
local API = "/api/v1"
local TIMEOUT_MS = 40000 -- the server gives up after 30 s and says so
local PAGE = 500
local PATIENCE_S = 60 -- the longest wait for a server that wants a pause

function M.read_file(path)
    local f, why
    if path == "-" then
        f = io.stdin
    else
        f, why = io.open(path, "rb")
    end
    local body = f and f:read("a")
    if not body then
        fail.raise(fail.FAILED, "cannot read " .. (why or path))
    end
    if f ~= io.stdin then
        f:close()
    end
    return body
end

local function token_of(given, where)
    local token = given
    if given and given:sub(1, 1) == "@" then
        token = M.read_file(given:sub(2)):match("^%s*(%S*)")
    end
    if token and (token == "" or token:find("[^\33-\126]")) then
        fail.raise(fail.USAGE, where .. " holds no token")
    end
    return token
end

local function set(value)
    return value ~= nil and value ~= "" and value or nil
end

-- Unless it is named, there need not be one; new: nor then.
local function profile_of(name, new)
    local known = profile.all()[name]
    if type(known) ~= "table" and name ~= "default" and not new then
        fail.raise(fail.USAGE, ("there is no profile %q"):format(name),
            ("Make it: thingd login --profile %s --server URL"):format(name))
    end
    return type(known) == "table" and known or {}
end

-- Where to: --server, THINGD_SERVER, the profile, this machine. Whoever says --profile means no
-- environment. A profile's token goes to that profile's server and to no other.
function M.new(options, new)
    local function env(variable)
        return not options.profile and set(os.getenv(variable)) or nil
    end
    local name = options.profile or set(os.getenv("THINGD_PROFILE")) or "default"
    local server = options.server or env("THINGD_SERVER")
    local token = token_of(options.token, "--token")
        or token_of(env("THINGD_TOKEN"), "THINGD_TOKEN")
    local known = server and token and {} or profile_of(name, new)
    server = (server or known.server or DEFAULT_SERVER):gsub("/+$", "")
    if not server:find("^https?://[^/%s]+$") then
        fail.raise(fail.USAGE, ("%q is no address like https://HOST:PORT"):format(server))
    end
    return setmetatable({
        server = server, token = token or server == known.server and known.token or nil,
        ca = options.ca or env("THINGD_CA") or known.ca, profile = name,
    }, M)
end

function M.escape(s)
    return (s:gsub("[^%w_.~-]", function(c) return ("%%%02X"):format(c:byte()) end))
end

-- M.path("/products/{product}", {product = "a b"}) -> "/products/a%20b", and what it stands for in
-- words.
function M.path(template, args)
    local what = {}
    local path = template:gsub("{([%w_]+)}", function(name)
        local value = args[name] or args[name:upper()]
            or error("no " .. name .. " for " .. template)
        what[#what + 1] = name:gsub("_", " ") .. " " .. text.clean(value)
        return M.escape(value)
    end)
    local last = table.remove(what)
    return path, last and last .. (#what > 0 and " (" .. table.concat(what, ", ") .. ")" or "")
end

-- query: { name = text, number, boolean or a list (joined by commas) }
local function with_query(path, query)
    local parts = {}
    for name, value in pairs(query or {}) do
        if type(value) == "table" then
            value = table.concat(value, ",")
        end
        parts[#parts + 1] = name .. "=" .. M.escape(tostring(value))
    end
    table.sort(parts)
    return #parts > 0 and path .. "?" .. table.concat(parts, "&") or path
end

-- ---- what a refusal means ----

local STATUS = { [401] = fail.NOT_ALLOWED, [403] = fail.NOT_ALLOWED, [404] = fail.NOT_FOUND,
    [409] = fail.CONFLICT, [412] = fail.CONFLICT, [400] = fail.NOT_VALID, [413] = fail.NOT_VALID,
    [422] = fail.NOT_VALID, [429] = fail.NO_ANSWER, [503] = fail.NO_ANSWER, [504] = fail.NO_ANSWER }

local function faults(problem)
    local lines = {}
    for _, e in ipairs(type(problem.errors) == "table" and problem.errors or {}) do
        local where = e.path or e.name or e.where or (e.line and "line " .. e.line) or ""
        lines[#lines + 1] = ("  %s: %s"):format(where == "" and "(the whole)" or where,
            e.message or "not valid")
    end
    return #lines > 0 and table.concat(lines, "\n") or nil
end

local function hint_of(self, answer, problem)
    if problem.code == "unauthenticated" and not self.token then
        return "No token is set: `thingd login`, --token TOKEN or THINGD_TOKEN."
    elseif problem.code == "unauthenticated" then
        return "It may have ended or been revoked: `thingd login` makes another."
    elseif answer.status == 429 or answer.status == 503 then
        local seconds = answer.headers["retry-after"]
        return seconds and ("Try again in %s s."):format(seconds)
    elseif answer.status >= 500 then
        return problem.request_id and "The server's log has it as request=" .. problem.request_id
    end
    return faults(problem)
end

-- Raises what an answer that is no success means. what: the thing that was asked for, in words.
function M:refused(answer, what)
    local problem = thing.host.decode(answer.body)
    if type(problem) ~= "table" or type(problem.title) ~= "string" then
        fail.raise(fail.FAILED, ("%s answered %d, and not as thingd does"):format(self.server,
            answer.status), "Is this the address of its API?")
    end
    local message = type(problem.detail) == "string" and problem.detail or problem.title
    if answer.status == 404 and problem.code == "not_found" and what then
        message = "there is no " .. what .. ", or the token may not see it"
    elseif answer.status == 401 and problem.code == "unauthenticated" then
        message = self.token and self.server .. " does not take the token"
            or self.server .. " wants an API token"
    end
    if answer.status == 422 and type(problem.errors) == "table" and #problem.errors > 0 then
        message = problem.title -- its detail repeats the first of them
    end
    local hint = hint_of(self, answer, problem)
    fail.raise(STATUS[answer.status] or fail.FAILED, text.clean(message),
        hint and hint:gsub("[^\n]+", text.clean))
end

-- ---- requests ----

-- By the name of the error: why there was no answer at all.
local NO_ANSWER = {
    invalid = { status = fail.USAGE }, too_large = { status = fail.FAILED },
    crypto = { status = fail.FAILED,
        hint = "--ca FILE or THINGD_CA names the authority that its certificate comes from." },
    unavailable = { status = fail.NO_ANSWER,
        hint = "Is the server running, and the address right? --server URL or THINGD_SERVER names "
            .. "another." },
}

-- o: { query =, body = value to be sent as JSON or text that is JSON already, headers = {...},
--      sink =, timeout = ms, what = in words, accept = {[status] = true},
--      patient = true: waits when the server says that it has had enough (a connection
--      may be patient as a whole) }
-- Returns the answer ({status, headers, body}) of a success or an accepted status; raises else.
function M:request(method, path, o)
    o = o or {}
    local headers = table.move(o.headers or {}, 1, #(o.headers or {}), 1, {})
    local body = o.body
    if body ~= nil then
        body = type(body) == "string" and body or jsonio.encode(body)
        table.insert(headers, 1, "Content-Type: " .. (o.content_type or "application/json"))
    end
    local answer, why, code = thing.host.request {
        server = self.server, token = self.token, ca = self.ca, method = method,
        path = with_query(o.plain and path or API .. path, o.query), body = body, headers = headers,
        timeout = o.timeout or (o.sink and 0 or TIMEOUT_MS), sink = o.sink,
    }
    local pause = answer and answer.status == 429 and tonumber(answer.headers["retry-after"])
    if pause and (o.patient or self.patient) and pause <= PATIENCE_S then
        -- A request that was refused did nothing.
        thing.host.sleep(math.ceil(pause * 1000))
        return self:request(method, path, o)
    elseif not answer then
        local meant = NO_ANSWER[code] or {}
        fail.raise(meant.status or fail.NO_ANSWER, why, meant.hint)
    elseif answer.status >= 300 and not (o.accept and o.accept[answer.status]) then
        self:refused(answer, o.what)
    end
    return answer
end

-- The value of an answer, or nil when it has no body.
function M.value(answer)
    if answer.body == "" then
        return nil
    end
    local value, why = thing.host.decode(answer.body)
    if value == nil then
        fail.raise(fail.FAILED, "the server's answer cannot be read: " .. why)
    end
    return value
end

-- One page: its items, their JSON texts, and the cursor of the next or nil.
local function page(self, path, o, query)
    local answer = self:request("GET", path, { query = query, what = o.what,
        patient = query.cursor ~= nil })
    local value, raws = thing.host.decode(answer.body, "items")
    if type(value) ~= "table" or type(value.items) ~= "table" then
        fail.raise(fail.FAILED, "the server's answer cannot be read: " .. tostring(raws))
    end
    local next = value.next_cursor
    return value.items, raws, type(next) == "string" and next or nil
end

-- Calls each(item, its JSON text) for the items of a list, page by page, up to o.limit (nil: all).
-- o.paged = false: the list takes no cursor. Returns whether there are more.
function M:each(path, o, each)
    local query, left = {}, o.limit
    for name, value in pairs(o.query or {}) do
        query[name] = value
    end
    repeat
        if o.paged ~= false then
            query.limit = math.min(left or PAGE, PAGE)
        end
        local items, raws, next = page(self, path, o, query)
        for i = 1, math.min(#items, left or #items) do
            each(items[i], raws[i])
        end
        left = left and left - #items
        query.cursor = next
        if next and left and left <= 0 then
            return true
        end
    until not next
    return false
end

return M
