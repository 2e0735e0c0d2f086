-- SPDX-License-Identifier: Apache-2.0
--
-- For specs of notifiers: loads one with a `thing` that keeps what is asked of it and answers what
-- the spec says.
require "tests.lua.offline"
local cjson = require "cjson"
local jsonio = require "thing.jsonio"
local schema = require "thing.schema"

local M = {}

-- Returns the notifier and its world { requests, letters: what was sent; answer(request),
-- post(letter): what comes of it }.
function M.load(name)
    local world = { requests = {}, letters = {} }
    local function record(list, answer)
        return function(what)
            list[#list + 1] = what
            return world[answer](what)
        end
    end
    local thing = {
        json = { null = cjson.null, encode = jsonio.encode, array = jsonio.array },
        time = { now = function() return 1700000000000 end,
            format = function(ms) return ("<%d>"):format(ms) end },
        hmac = { sha256 = function(key, data, raw)
            return ("hmac(%s,%s,%s)"):format(key, data, raw)
        end },
        base64 = { encode = function(s) return "base64(" .. s .. ")" end,
            decode = function(s) return s ~= "!" and "raw " .. s or nil end },
        http = { request = record(world.requests, "answer") },
        mail = { send = record(world.letters, "post") },
    }
    local path = ("plugins/notify/%s/init.lua"):format(name)
    local env = setmetatable({ thing = thing }, { __index = _G })
    return assert(loadfile(path, "t", env))(), world
end

-- A notification as a notifier gets it; members: what is different.
function M.notification(members)
    local n = { id = "0123456789abcdef", channel = "night", product = "pump", device = "p1",
        time = 1500, test = false, title = "hot", text = "97 °C", severity = "critical",
        data = { n = 1 },
        json = '{"title":"hot","text":"97 °C","severity":"critical","data":{"n":1}}' }
    for name, value in pairs(members or {}) do
        n[name] = value
    end
    return n
end

-- Paths at which the config does not fit the notifier's schema.
function M.errors(notifier, conf)
    local paths = {}
    for i, e in ipairs(schema.compile(notifier.schema)(conf) or {}) do
        paths[i] = e.path
    end
    return paths
end

return M
