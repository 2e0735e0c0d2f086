-- SPDX-License-Identifier: Apache-2.0
local client = require "thing.cli.client"
local jsonio = require "thing.jsonio"
local out = require "thing.cli.out"
local stream = require "thing.cli.stream"
local text = require "thing.cli.text"

local KINDS = { "latest", "event", "presence", "command", "alarm", "job" }

local HEAD = { time = true, product = true, device = true }

-- What an event says beside where and when, as name=value.
local function told(value)
    local names, parts = {}, {}
    for name in pairs(value) do
        names[#names + 1] = not HEAD[name] and name or nil
    end
    table.sort(names)
    for i, name in ipairs(names) do
        parts[i] = name .. "=" .. text.value(value[name])
    end
    return table.concat(parts, " ")
end

local function now()
    return os.date("!%Y-%m-%dT%H:%M:%SZ", thing.host.now() // 1000)
end

local function print_event(c, event)
    if c.options.json then
        out.json(jsonio.splice(jsonio.encode { kind = event.event }, event.data))
    else
        local value = thing.host.decode(event.data) or {}
        local where = value.device and text.clean(value.product .. "/" .. value.device) or ""
        out.line(("%s  %-8s  %-24s  %s"):format(text.time(value.time or now()),
            text.clean(event.event), where, told(value)))
    end
    out.flush()
end

return {
    name = "watch", summary = "What happens, as it does",
    text = "Goes on until it is stopped, over broken connections too. Without --device, values are "
        .. "a sample: at most 100 a second.",
    options = {
        { "kind", "KIND", "Only this", choices = KINDS, repeated = true },
        { "product", "PRODUCT", "Of this product only" },
        { "device", "DEVICE", "Of this device only" },
        { "count", "N", "End after so many", integer = true },
    },
    examples = { { "thingd watch --product air-monitor --kind presence" } },
    run = function(c)
        local o = c.options
        local left = o.count
        local device = o.device and o.device:match("[^/]*$")
        if left and left < 1 then
            c:usage("--count is at least 1")
        end
        stream.follow(c:connect(), "/events", { what = o.product and "product "
            .. client.path("{PRODUCT}", { PRODUCT = o.product }) or nil, query = { kinds = o.kind,
            product = o.product, device = device } }, function(event)
            print_event(c, event)
            left = left and left - 1
            return left ~= 0
        end)
    end,
}
