-- SPDX-License-Identifier: Apache-2.0
local call = require "thing.cli.call"
local client = require "thing.cli.client"
local device = require "thing.cli.device"
local fail = require "thing.cli.fail"
local out = require "thing.cli.out"
local text = require "thing.cli.text"
local values = require "thing.cli.values"

local KEY = { "GROUP", "Key of the group" }

local ORDER = { "key", "name", "description", "kind", "product", "query", "created_at",
    "updated_at" }

local function saved_query(list)
    if not list then
        return nil
    end
    local query = {}
    for name, value in pairs(values.pairs(list)) do
        query[name] = type(value) == "table" and value.text or value -- its values are texts
    end
    return query
end

local function create(c)
    local o = c.options
    c:show(c:request("POST", "/groups", { body = { key = c.args.GROUP, name = o.name,
        description = o.description, product = o.product, kind = o.query and "query" or "static",
        query = saved_query(o.query) } }), ORDER)
end

local function members(c)
    local o = c.options
    if not o.add and not o.remove then
        return c:list("/groups/{group}/members", { columns = device.COLUMNS })
    elseif o.csv or o.all or o.limit then
        c:usage("--add and --remove show no list")
    end
    local answer = c:request("POST", "/groups/{group}/members",
        { body = { add = o.add, remove = o.remove } })
    local done = client.value(answer)
    if o.json then
        out.json(answer.body)
    else
        out.line(("%d added, %d removed"):format(done.added, done.removed))
    end
    if #done.unknown > 0 then
        fail.raise(fail.NOT_FOUND, "not there: " .. text.value(done.unknown))
    end
end

return {
    name = "group", summary = "Groups of devices, listed or found by a query",
    commands = {
        {
            name = "list", summary = "List groups",
            options = call.options({
                { "product", "PRODUCT", "Of this product's devices", query = "product" },
                { "kind", "KIND", "Of this kind", query = "kind", choices = { "static", "query" } },
            }, call.LIST),
            run = function(c)
                c:list("/groups", { columns = {
                    { "GROUP", "key" }, { "NAME", "name" }, { "KIND", "kind" },
                    { "PRODUCT", "product" },
                    { "QUERY", function(g) return next(g.query) and g.query end },
                } })
            end,
        },
        {
            name = "show", summary = "Show a group", args = { KEY },
            run = function(c) c:show(c:request("GET", "/groups/{group}"), ORDER) end,
        },
        {
            name = "create", summary = "Make a group", args = { KEY },
            options = {
                { "name", "TEXT", "What people call it" },
                { "description", "TEXT", "What it is" },
                { "product", "PRODUCT", "Of this product's devices only" },
                { "query", "NAME=VALUE", "Made of all devices that match, such as tag=north; "
                    .. "else of those that are added", repeated = true },
            },
            run = create,
        },
        {
            name = "members", summary = "List a group's devices, add some or remove some",
            args = { KEY },
            options = call.options({
                { "add", "DEVICE", "Key of a device to add", repeated = true },
                { "remove", "DEVICE", "Key of a device to remove", repeated = true },
            }, call.LIST),
            run = members,
        },
        {
            name = "delete", summary = "Delete a group; its devices stay", args = { KEY },
            options = { call.YES },
            run = function(c)
                c:confirm("Delete group " .. text.clean(c.args.GROUP) .. "?")
                c:done(c:request("DELETE", "/groups/{group}"), "deleted group " .. c.args.GROUP)
            end,
        },
    },
}
