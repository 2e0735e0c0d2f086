-- SPDX-License-Identifier: Apache-2.0
local call = require "thing.cli.call"
local client = require "thing.cli.client"
local out = require "thing.cli.out"
local text = require "thing.cli.text"
local values = require "thing.cli.values"

local KEY = { "PRODUCT", "Key of the product" }

local CHANGES = {
    { "name", "TEXT", "What people call it" },
    { "description", "TEXT", "What it is" },
    { "set", "NAME=VALUE", "A setting, such as validation=reject or auto_provision.enabled=true",
        repeated = true },
    { "settings", "JSON", "All settings as JSON, @FILE or - for standard input" },
}

local ORDER = { "key", "name", "description", "enabled", "settings", "created_at", "updated_at",
    "product_key" }

local COLUMNS = {
    { "PRODUCT", "key" }, { "NAME", "name" }, { "ENABLED", "enabled" },
    { "AUTH", function(p) return p.settings.auth or "device_key" end },
    { "CREATED", "created_at", show = text.time },
}

local function body_of(c)
    local o = c.options
    local body = { name = o.name, description = o.description }
    local some = o.set or o.unset
    if o.settings and some then
        c:usage("either --settings or --set")
    elseif o.settings then
        body.settings = values.json(o.settings, "--settings")
    elseif some then
        body.settings = values.unset(values.pairs(o.set, true), o.unset, true)
    end
    if o.enable or o.disable then
        body.enabled = o.enable == true
    end
    return body
end

return {
    name = "product", summary = "Products: kinds of devices, with the settings these share",
    commands = {
        {
            name = "list", summary = "List products",
            options = call.options({
                { "q", "TEXT", "Key or name has this in it", query = "q" },
                { "sort", "FIELD", "Order; - in front turns it round", query = "sort",
                    choices = { "key", "-key", "name", "-name", "created_at", "-created_at" } },
            }, call.LIST),
            run = function(c) c:list("/products", { columns = COLUMNS }) end,
        },
        {
            name = "show", summary = "Show a product", args = { KEY },
            run = function(c) c:show(c:request("GET", "/products/{product}"), ORDER) end,
        },
        {
            name = "create", summary = "Make a product", args = { KEY }, options = CHANGES,
            examples = { { "thingd product create greenhouse --set validation=reject" } },
            run = function(c)
                local body = body_of(c)
                body.key = c.args.PRODUCT
                local answer = c:request("POST", "/products", { body = body })
                c:show(answer, ORDER)
                if not c.options.json and client.value(answer).product_key then
                    out.flush()
                    out.note("thingd: the product's key is shown this once")
                end
            end,
        },
        {
            name = "update", summary = "Change a product", args = { KEY },
            options = call.options(CHANGES, {
                { "unset", "NAME", "A setting that goes back to its default", repeated = true },
                { "enable", false, "Take messages of its devices" },
                { "disable", false, "Refuse its devices" },
            }),
            run = function(c)
                local body = body_of(c)
                if next(body) == nil then
                    c:usage("nothing to change was given")
                elseif c.options.enable and c.options.disable then
                    c:usage("either --enable or --disable")
                end
                c:show(c:request("PATCH", "/products/{product}", { body = body }), ORDER)
            end,
        },
        {
            name = "delete", summary = "Delete a product that has no devices", args = { KEY },
            options = { call.YES },
            run = function(c)
                c:confirm("Delete product " .. text.clean(c.args.PRODUCT) .. "?")
                c:done(c:request("DELETE", "/products/{product}"),
                    "deleted product " .. c.args.PRODUCT)
            end,
        },
    },
}
