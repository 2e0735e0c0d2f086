-- SPDX-License-Identifier: Apache-2.0
--
-- Channels, by which notifications leave.
local call = require "thing.cli.call"
local client = require "thing.cli.client"
local fail = require "thing.cli.fail"
local out = require "thing.cli.out"
local text = require "thing.cli.text"
local values = require "thing.cli.values"

local KEY = { "CHANNEL", "Key of the channel" }

local ORDER = { "key", "name", "description", "product", "shared", "notifier", "enabled", "config",
    "secret_names", "created_at", "updated_at" }

local MEMBERS = {
    { "name", "TEXT", "What people call it" },
    { "description", "TEXT", "What it is for" },
    { "config", "NAME=VALUE", "As its notifier wants it, such as url=https://example.com/; a "
        .. "value may be JSON", repeated = true },
    { "secret", "NAME=VALUE", "A secret of its notifier; VALUE or @FILE that holds it (others can "
        .. "see the arguments of a program)", repeated = true },
}

-- Texts, never JSON.
local function secrets_of(list)
    if not list then
        return nil
    end
    local secrets = {}
    for _, word in ipairs(list) do
        local name, value = word:match("^([^=]+)=(.*)$")
        if not name then
            fail.raise(fail.USAGE, "--secret is NAME=VALUE or NAME=@FILE")
        end
        secrets[name] = value:sub(1, 1) == "@"
            and client.read_file(value:sub(2)):gsub("\r?\n$", "") or value
    end
    return secrets
end

local function members(c)
    local o = c.options
    return { name = o.name, description = o.description,
        config = o.config and values.pairs(o.config, true), secrets = secrets_of(o.secret) }
end

local function create(c)
    local body, o = members(c), c.options
    body.key, body.notifier, body.product = c.args.CHANNEL, c.args.NOTIFIER, o.product
    body.shared, body.enabled = o.shared or nil, not o.disabled
    c:show(c:request("POST", "/channels", { body = body }), ORDER)
end

local function update(c)
    local body, o = members(c), c.options
    if o.enable and o.disable then
        c:usage("either --enable or --disable")
    end
    if o.enable or o.disable then
        body.enabled = o.enable == true
    end
    for _, name in ipairs(o.unset_secret or {}) do
        body.secrets = values.unset(body.secrets or {}, { name })
    end
    if next(body) == nil then
        c:usage("nothing to change was given")
    end
    c:show(c:request("PATCH", "/channels/{channel}", { body = body }), ORDER)
end

local function test(c)
    local answer = c:request("POST", "/channels/{channel}/test")
    local outcome = client.value(answer)
    if c.options.json then
        out.json(answer.body)
    elseif outcome.sent then
        out.line(("sent as %s, in %d ms"):format(outcome.id, outcome.took_ms))
    end
    if not outcome.sent then
        fail.raise(fail.FAILED, "not sent: " .. text.clean(outcome.error))
    end
end

-- What a notifier's config is made of, a member a line.
local function members_of(notifier)
    local names = {}
    for name, member in pairs(notifier.schema.properties) do
        names[#names + 1] = name .. (member.writeOnly and " (secret)" or "")
    end
    table.sort(names)
    return names
end

return {
    name = "channel", summary = "Channels, by which notifications leave",
    commands = {
        {
            name = "list", summary = "List channels",
            options = call.options({
                { "product", "PRODUCT", "Of this product", query = "product" },
                { "notifier", "NOTIFIER", "With this notifier", query = "notifier" },
            }, call.LIST),
            run = function(c)
                c:list("/channels", { columns = {
                    { "CHANNEL", "key" }, { "NAME", "name" }, { "NOTIFIER", "notifier" },
                    { "PRODUCT", "product" }, { "SHARED", "shared" }, { "ENABLED", "enabled" },
                } })
            end,
        },
        {
            name = "notifiers", summary = "List what channels can be made of",
            options = call.LIST,
            run = function(c)
                c:list("/notifiers", { paged = false, columns = { { "NOTIFIER", "name" },
                    { "TITLE", "title" }, { "VERSION", "version" }, { "CONFIG", members_of } } })
            end,
        },
        {
            name = "show", summary = "Show a channel; its secrets are named alone", args = { KEY },
            run = function(c) c:show(c:request("GET", "/channels/{channel}"), ORDER) end,
        },
        {
            name = "create", summary = "Make a channel",
            args = { KEY, { "NOTIFIER", "What it sends with; see `thingd channel notifiers`" } },
            options = call.options({
                { "product", "PRODUCT", "For scripts of this product; else of the platform" },
                { "shared", false, "Of the platform, for scripts of all products" },
                { "disabled", false, "Not to be used yet" },
            }, MEMBERS),
            examples = {
                { "thingd channel create night webhook --config url=https://example.com/ "
                    .. "--secret signing_key=@key" },
                { [[thingd channel create hall mail --shared --config 'to=["a@example.com"]']] },
            },
            run = create,
        },
        {
            name = "update", summary = "Change a channel", args = { KEY },
            options = call.options(MEMBERS, {
                { "unset-secret", "NAME", "Remove a secret", repeated = true },
                { "enable", false, "Use it" }, { "disable", false, "Use it no more" },
            }),
            run = update,
        },
        {
            name = "test", summary = "Send a test notification now, enabled or not", args = { KEY },
            run = test,
        },
        {
            name = "delete", summary = "Delete a channel; what waits for it is given up",
            args = { KEY }, options = { call.YES },
            run = function(c)
                c:confirm("Delete channel " .. text.clean(c.args.CHANNEL) .. "?")
                c:done(c:request("DELETE", "/channels/{channel}"),
                    "deleted channel " .. c.args.CHANNEL)
            end,
        },
    },
}
