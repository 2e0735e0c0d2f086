-- SPDX-License-Identifier: Apache-2.0
--
-- A script beside a running product: what it logs (`thingd lua log`), and what it would make of
-- messages that came in (`thingd lua replay`).
local client = require "thing.cli.client"
local diff = require "thing.cli.script.diff"
local fail = require "thing.cli.fail"
local folder = require "thing.cli.script.folder"
local jsonio = require "thing.jsonio"
local out = require "thing.cli.out"
local text = require "thing.cli.text"
local versions = require "thing.cli.script.versions"

local M = {}

local SCRIPTS = "/products/{product}/scripts"
local LEVELS = { debug = 1, info = 2, warn = 3, error = 4 }

-- ---- the log ----

local function show_line(c, item, raw)
    if c.options.json then
        return out.json(raw)
    end
    local where = item.line and item.line > 0 and ("%s:%d: "):format(item.where, item.line) or ""
    local colour = item.level == "error" and "red" or "bold"
    out.line(text.time(item.time), "  ", out.paint(colour, ("%-5s"):format(item.level)), "  ",
        type(item.device) == "string" and text.clean(item.device) or "-", "  ",
        text.clean(where .. item.text:gsub("\t", " ")))
end

-- The events of a stream of server-sent events: feed(chunk) calls on_event(name, data).
local function reader(on_event)
    local rest, name, data = "", nil, {}
    return function(chunk)
        rest = rest .. chunk
        local at = 1
        for line, behind in rest:gmatch("([^\n]*)\n()") do
            at = behind
            if line == "" then
                if #data > 0 then
                    on_event(name, table.concat(data, "\n"))
                end
                name, data = nil, {}
            else
                local field, value = line:match("^(%a+): ?(.*)$")
                if field == "event" then
                    name = value
                elseif field == "data" then
                    data[#data + 1] = value
                end
            end
        end
        rest = rest:sub(at)
    end
end
M.reader = reader

local function past(c, product)
    local last = 0
    local path, what = c:path(SCRIPTS .. "/log", { product = product })
    local query = { level = c.options.level, device = c.options.device,
        limit = c.options.limit or 20 }
    c:connect():each(path, { query = query, paged = false, what = what }, function(item, raw)
        show_line(c, item, raw)
        last = math.max(last, item.seq)
    end)
    return last
end

local function follow(c, product, last)
    local least = LEVELS[c.options.level or "debug"]
    local feed = reader(function(name, data)
        local item = name == "script_log" and thing.host.decode(data)
        if item and item.seq > last and LEVELS[item.level] >= least then
            show_line(c, item, data)
        end
        if name == "script_log" or name == "resync" then
            last = item and item.seq or last
        end
        out.flush()
    end)
    c:request("GET", "/events", { query = { kinds = "script_log", product = product,
        device = c.options.device }, sink = feed })
    fail.raise(fail.NO_ANSWER, "the server ended the stream")
end

function M.log(c)
    local script = c.args.DIR and folder.read(c.args.DIR)
    local product = versions.product(c, script)
    local last = past(c, product)
    out.flush()
    if not c.options.once then
        follow(c, product, last)
    end
end

-- ---- replay ----

-- What of a message's effects is compared: the stored properties by name, each on a line.
local function flat(lists)
    local lines = {}
    for _, params in ipairs(lists) do
        if type(params) ~= "table" or jsonio.is_array(params) then
            lines[#lines + 1] = jsonio.encode(params)
        else
            for name, value in pairs(params) do
                lines[#lines + 1] = name .. " = " .. jsonio.encode(value)
            end
        end
    end
    table.sort(lines)
    return table.concat(lines, "\n")
end

local function stored_by(effects)
    local lists = {}
    for _, row in ipairs(type(effects) == "table" and effects.store or {}) do
        lists[#lists + 1] = row.params
    end
    return lists
end

-- What else it would do, in words.
local function others(effects)
    local words = {}
    for _, name in ipairs { "events", "commands", "later" } do
        local list = effects[name]
        if type(list) == "table" and #list > 0 then
            words[#words + 1] = ("%d %s"):format(#list, name)
        end
    end
    return #words > 0 and " (and " .. table.concat(words, ", ") .. ")" or ""
end

local function show_item(item)
    local effects = item.effects or {}
    local head = ("%s  %s  %s"):format(item.time and text.time(item.time) or "-",
        text.clean(item.device or "-"), text.clean(item.topic or "-"))
    local dead = effects.dead
    if dead then
        out.line(head, "  ", out.paint("red", text.clean(dead.reason .. ": " .. dead.detail)))
        return dead.reason == "script_error" and "failed" or "refused"
    end
    local was = item.stored ~= nil and item.stored ~= jsonio.null and { item.stored } or {}
    local changes = diff.hunks(diff.lines(flat(was), flat(stored_by(effects))))
    out.line(head, "  ", #changes == 0 and "the same" or #was == 0 and "was not stored, now is"
        or "differs", others(effects))
    for _, line in ipairs(changes) do
        out.line("    ", text.clean(line))
    end
    return #changes == 0 and "same" or "changed"
end

function M.replay(c)
    local script = folder.read(c.args.DIR)
    local product = versions.product(c, script)
    local body = { source = script.source, modules = next(script.modules) and script.modules or nil,
        device = c.options.device }
    if c.options.letter then
        body.letter = c.options.letter
    else
        body.last = c.options.last or 10
        body.letters = c.options.letters or nil
    end
    local answer = c:request("POST", SCRIPTS .. "/try",
        { body = body, with = { product = product } })
    local tried = client.value(answer)
    local count = { same = 0, changed = 0, refused = 0, failed = 0 }
    if c.options.json then
        out.json(answer.body)
    end
    for _, item in ipairs(tried.items) do
        if not item.loaded then
            local e = item.error
            fail.raise(fail.NOT_VALID, text.clean(("%s:%d:%d: %s"):format(e.where, e.line, e.column,
                e.message)))
        elseif item.effects and c.options.json then
            local dead = item.effects.dead
            count.failed = count.failed + (dead and dead.reason == "script_error" and 1 or 0)
        elseif item.effects then
            local how = show_item(item)
            count[how] = count[how] + 1
        end
    end
    if not c.options.json then
        out.line(("%d the same, %d changed, %d refused, %d failed"):format(count.same,
            count.changed, count.refused, count.failed))
    end
    return count.failed == 0 and 0 or fail.FAILED
end

return M
