-- SPDX-License-Identifier: Apache-2.0
--
-- Server-sent events, followed over broken connections.
local fail = require "thing.cli.fail"

local M = {}

local LONGEST_PAUSE_MS = 10000

-- Takes pieces of a stream as they come; calls each(event) for a whole one: { event = its type or
-- "message", data = text, id = }. each returns false to end it; so does the reader then.
function M.reader(each)
    local rest, event, data = "", nil, nil
    local id
    local function line(text)
        if text == "" then
            local whole = data and { event = event or "message", data = table.concat(data, "\n"),
                id = id }
            event, data = nil, nil
            return not whole or each(whole) ~= false
        end
        local name, value = text:match("^([^:]*):? ?(.*)$")
        if name == "event" then
            event = value
        elseif name == "data" then
            data = data or {}
            data[#data + 1] = value
        elseif name == "id" then
            id = value
        end
        return true
    end
    return function(chunk)
        rest = rest .. chunk
        local at = 1
        while true do
            local stop = rest:find("\n", at, true)
            if not stop then
                rest = rest:sub(at)
                return true
            end
            local good = line((rest:sub(at, stop - 1):gsub("\r$", "")))
            at = stop + 1
            if not good then
                return false
            end
        end
    end
end

-- Follows the stream at a path until each() returns false, also when the connection breaks: then it
-- begins behind the last event that came. A first connection that fails raises. o: as in
-- client:request.
function M.follow(connection, path, o, each)
    local last, pause, done, begun = nil, 500, false, false
    local function run()
        local headers = { "Accept: text/event-stream",
            last and "Last-Event-ID: " .. last or nil }
        connection:request("GET", path, { query = o.query, what = o.what, headers = headers,
            sink = M.reader(function(event)
                begun, pause = true, 500
                last = event.id or last
                done = each(event) == false
                return not done
            end) })
        begun = true
    end
    while not done do
        local ok, e = pcall(run)
        if not ok and not (begun and fail.is(e) and e.status == fail.NO_ANSWER) then
            error(e, 0)
        elseif not done then
            thing.host.sleep(pause)
            pause = math.min(pause * 2, LONGEST_PAUSE_MS)
        end
    end
end

return M
