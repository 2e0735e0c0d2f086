-- SPDX-License-Identifier: Apache-2.0
local call = require "thing.cli.call"
local client = require "thing.cli.client"
local device = require "thing.cli.device"
local fail = require "thing.cli.fail"
local keys = require "thing.cli.commands.device_keys"
local out = require "thing.cli.out"
local text = require "thing.cli.text"
local values = require "thing.cli.values"

local PATH = device.PATH

local SOME = { "DEVICE", "Devices as PRODUCT/DEVICE, or by their keys alone", many = true }

local ORDER = { "key", "product", "name", "online", "seen_at", "enabled", "tags", "attributes",
    "parameters", "source", "created_at", "updated_at" }

local FIELDS = {
    { "name", "TEXT", "What people call it" },
    { "attribute", "NAME=VALUE", "What is known of it", repeated = true },
    { "parameter", "NAME=VALUE", "What rules read of it", repeated = true },
}

local function body_of(c)
    local o = c.options
    local body = { name = o.name }
    if o.attribute or o.unset_attribute then
        body.attributes = values.unset(values.pairs(o.attribute), o.unset_attribute)
    end
    if o.parameter or o.unset_parameter then
        body.parameters = values.unset(values.pairs(o.parameter), o.unset_parameter)
    end
    return body
end

local function create(c)
    local body = body_of(c)
    local product, key = c.args.DEVICE:match("^([^/]+)/([^/]+)$")
    if not product then
        c:usage(("say where it belongs: PRODUCT/DEVICE, not %q"):format(c.args.DEVICE))
    end
    body.key, body.tags = key, c.options.tag
    body.enabled = not c.options.disabled
    local path, what = client.path("/products/{product}/devices", { product = product })
    local answer = c:connect():request("POST", path, { body = body, what = what })
    c:show(answer, ORDER)
    if not c.options.json then
        out.flush()
        out.note("thingd: the secret is shown this once")
    end
end

-- Does one thing to each of several devices, and goes on when one fails. The status is the first
-- failure's.
local function each_device(c, run)
    local status = 0
    c:connect().patient = true
    for _, name in ipairs(c.args.DEVICE) do
        local ok, e = pcall(function()
            run(device.find(c, name))
        end)
        if not ok and not fail.is(e) then
            error(e, 0)
        elseif not ok then
            out.flush()
            out.note(("thingd: %s: %s"):format(name, e.message))
            for line in (e.hint or ""):gmatch("[^\n]+") do
                out.note(line)
            end
            status = status == 0 and e.status or status
        end
    end
    return status
end

local function enabling(c, enabled)
    return each_device(c, function(at)
        c:done(c:request("PATCH", PATH, { with = at, body = { enabled = enabled } }),
            (enabled and "enabled " or "disabled ") .. at.device)
    end)
end

-- The tags of a device are one list: it is read, changed, and written if nobody else did meanwhile.
local function retag(c, at)
    for _ = 1, 5 do
        local answer = c:request("GET", PATH, { with = at })
        local tags, seen = {}, {}
        for _, tag in ipairs(c.options.remove or {}) do
            seen[tag] = true
        end
        for _, list in ipairs { client.value(answer).tags, c.options.add or {} } do
            for _, tag in ipairs(list) do
                tags[#tags + 1] = not seen[tag] and tag or nil
                seen[tag] = true
            end
        end
        local done = c:request("PATCH", PATH, { with = at, body = { tags = thing.json.array(tags) },
            headers = { "If-Match: " .. answer.headers.etag }, accept = { [409] = true } })
        if done.status == 200 then
            return c:done(done, at.device .. ": " .. table.concat(tags, ", "))
        elseif client.value(done).code ~= "version_conflict" then
            c:connect():refused(done)
        end
    end
    fail.raise(fail.CONFLICT, "others change this device all the time")
end

local function delete(c)
    local n = #c.args.DEVICE
    local history = c.options.delete_history and " and all that it reported" or ""
    c:confirm(n == 1 and ("Delete device %s%s?"):format(text.clean(c.args.DEVICE[1]), history)
        or ("Delete %d devices%s?"):format(n, history))
    local query = { history = c.options.delete_history and "delete" or "keep" }
    return each_device(c, function(at)
        c:done(c:request("DELETE", PATH, { with = at, query = query }), "deleted " .. at.device)
    end)
end

return {
    name = "device", summary = "Devices",
    commands = {
        {
            name = "list", summary = "List devices",
            options = call.options(device.FILTERS, {
                { "sort", "FIELD", "Order; - in front turns it round", query = "sort",
                    choices = { "key", "-key", "name", "-name", "created_at", "-created_at",
                        "seen_at", "-seen_at" } },
            }, call.LIST),
            examples = {
                { "thingd device list --product air-monitor --offline --seen-before 1d" },
                { "thingd device list --all --json | jq -r .key" },
            },
            run = function(c) c:list("/devices", { columns = device.COLUMNS }) end,
        },
        {
            name = "show", summary = "Show a device", args = { device.ARG },
            run = function(c)
                c:show(c:request("GET", PATH, { with = device.find(c) }), ORDER)
            end,
        },
        {
            name = "create", summary = "Make a device and print its secret, this once",
            args = { { "DEVICE", "Where it belongs and its key: PRODUCT/DEVICE" } },
            options = call.options(FIELDS, {
                { "tag", "TAG", "A tag", repeated = true },
                { "disabled", false, "It may not connect yet" },
            }),
            examples = {
                { "thingd device create greenhouse/gh-1 --name \"North bed\" --tag north" },
                { "thingd device create greenhouse/gh-2 --json | jq -r .credentials.secret" },
            },
            run = create,
        },
        {
            name = "update", summary = "Change a device", args = { device.ARG },
            options = call.options(FIELDS, {
                { "unset-attribute", "NAME", "An attribute that goes", repeated = true },
                { "unset-parameter", "NAME", "A parameter that goes", repeated = true },
            }),
            run = function(c)
                local body = body_of(c)
                if next(body) == nil then
                    c:usage("nothing to change was given")
                end
                c:show(c:request("PATCH", PATH, { with = device.find(c), body = body }), ORDER)
            end,
        },
        {
            name = "tag", summary = "Give devices tags, or take them", args = { SOME },
            options = {
                { "add", "TAG", "A tag they get", repeated = true },
                { "remove", "TAG", "A tag they lose", repeated = true },
            },
            run = function(c)
                if not c.options.add and not c.options.remove then
                    c:usage("neither --add nor --remove")
                end
                return each_device(c, function(at) retag(c, at) end)
            end,
        },
        {
            name = "enable", summary = "Let devices connect", args = { SOME },
            run = function(c) return enabling(c, true) end,
        },
        {
            name = "disable", summary = "Disconnect devices and refuse them", args = { SOME },
            run = function(c) return enabling(c, false) end,
        },
        {
            name = "delete", summary = "Delete devices", args = { SOME },
            options = {
                { "delete-history", false, "Also all that they reported, which is kept otherwise" },
                call.YES,
            },
            run = delete,
        },
        {
            name = "connections", summary = "When a device came and went, newest first",
            args = { device.ARG }, options = call.options(call.RANGE, call.LIST),
            run = function(c)
                c:list(PATH .. "/presence", { with = device.find(c), columns = {
                    { "TIME", "time", show = text.time }, { "EVENT", "event" },
                    { "ADDRESS", "address" }, { "NODE", "node" }, { "REASON", "reason" },
                } })
            end,
        },
        keys,
    },
}
