-- SPDX-License-Identifier: Apache-2.0
--
-- Accounts of people. The first administrator of a database is made beside the server (bootstrap).
local call = require "thing.cli.call"
local client = require "thing.cli.client"
local out = require "thing.cli.out"
local text = require "thing.cli.text"

local KEY = { "USER", "What is typed at sign-in" }

local ORDER = { "key", "name", "email", "password", "enabled", "roles", "must_change_password",
    "has_password", "second_factor", "signed_in_at", "created_at", "updated_at" }

local ROLE = { "role", "ROLE[:PRODUCT]", "A role, for all products or one", repeated = true }

-- { "admin", "operator:greenhouse" } as the API wants it
local function grants(list)
    local roles = thing.json.array {}
    for i, word in ipairs(list) do
        local role, product = word:match("^([^:]+):(.+)$")
        roles[i] = { role = role or word, product = product }
    end
    return roles
end

local function told(roles)
    local words = {}
    for i, grant in ipairs(roles) do
        words[i] = grant.role .. (type(grant.product) == "string" and ":" .. grant.product or "")
    end
    return table.concat(words, ", ")
end

local function show(c, answer)
    if c.options.json then
        return out.json(answer.body)
    end
    local account = client.value(answer)
    account.roles = told(account.roles)
    out.record(account, ORDER)
    if account.password then
        out.flush()
        out.note("thingd: the password is shown this once, and has to be changed at the first "
            .. "sign-in")
    end
end

local function enabling(enabled)
    return function(c)
        c:done(c:request("PATCH", "/accounts/{user}", { body = { enabled = enabled } }),
            (enabled and "enabled " or "disabled ") .. c.args.USER)
    end
end

local function update(c)
    local o = c.options
    local body = { name = o.name, email = o.email,
        roles = o.no_roles and thing.json.array {} or o.role and grants(o.role) }
    if o.role and o.no_roles then
        c:usage("either --role or --no-roles")
    elseif next(body) == nil then
        c:usage("nothing to change was given")
    end
    show(c, c:request("PATCH", "/accounts/{user}", { body = body }))
end

local function reset(c)
    local answer = c:request("POST", "/accounts/{user}/reset")
    if c.options.json then
        return out.json(answer.body)
    end
    local made = client.value(answer)
    out.line(made.token)
    out.flush()
    out.note(("thingd: %s sets a new password with it until %s: thingd password --reset-token "
        .. "TOKEN"):format(c.args.USER, text.time(made.expires_at)))
end

local function bootstrap(c)
    local o = c.options
    local words = { "--name", o.name }
    if o.reset then
        words[#words + 1] = "--reset"
    end
    if o.config then
        table.move({ "--config", o.config }, 1, 2, #words + 1, words)
    end
    return thing.host.run("user", words)
end

return {
    name = "user", summary = "Accounts of people",
    commands = {
        {
            name = "list", summary = "List accounts",
            options = call.options({
                { "role", "ROLE", "Has this role", query = "role" },
                { "enabled", false, "May sign in", query = "enabled" },
                { "disabled", false, "May not sign in", query = "enabled", as = false },
            }, call.LIST),
            run = function(c)
                c:list("/accounts", { columns = {
                    { "USER", "key" }, { "NAME", "name" },
                    { "ROLES", function(a) return told(a.roles) end }, { "ENABLED", "enabled" },
                    { "2ND FACTOR", "second_factor" },
                    { "SIGNED IN", "signed_in_at", show = text.time },
                } })
            end,
        },
        {
            name = "show", summary = "Show an account", args = { KEY },
            run = function(c) show(c, c:request("GET", "/accounts/{user}")) end,
        },
        {
            name = "create", summary = "Make an account and print its one-time password",
            args = { KEY },
            options = { { "name", "TEXT", "The person's name" }, { "email", "ADDRESS", "E-mail" },
                ROLE },
            examples = { { 'thingd user create ann --name "Ann Lee" --role operator:greenhouse' } },
            run = function(c)
                local o = c.options
                show(c, c:request("POST", "/accounts", { body = { key = c.args.USER, name = o.name,
                    email = o.email, roles = grants(o.role or {}) } }))
            end,
        },
        {
            name = "update", summary = "Change an account; the roles given replace those it has",
            args = { KEY },
            options = { { "name", "TEXT", "The person's name" }, { "email", "ADDRESS", "E-mail" },
                ROLE, { "no-roles", false, "Take all roles" } },
            run = update,
        },
        {
            name = "enable", summary = "Let an account sign in", args = { KEY },
            run = enabling(true),
        },
        {
            name = "disable", summary = "Sign an account out and let it in no more", args = { KEY },
            run = enabling(false),
        },
        {
            name = "reset", summary = "Make a token that sets a new password", args = { KEY },
            run = reset,
        },
        {
            name = "remove-factor", summary = "Remove a second factor that was lost",
            args = { KEY }, options = { call.YES },
            run = function(c)
                c:confirm("Remove the second factor of " .. text.clean(c.args.USER) .. "?")
                c:done(c:request("DELETE", "/accounts/{user}/second-factor"),
                    "removed the second factor of " .. c.args.USER)
            end,
        },
        {
            name = "delete", summary = "Delete an account", args = { KEY }, options = { call.YES },
            run = function(c)
                c:confirm("Delete account " .. text.clean(c.args.USER) .. "?")
                c:done(c:request("DELETE", "/accounts/{user}"), "deleted " .. c.args.USER)
            end,
        },
        {
            name = "bootstrap", summary = "Make the first administrator, in the database itself",
            text = "Works on the server's machine, without a server: it writes to the database "
                .. "that the configuration names, and prints a one-time password that has to be "
                .. "changed at the first sign-in. Prints nothing when the account has a password "
                .. "already. With --reset it gets a new one, is enabled, signed out everywhere, "
                .. "loses its second factor, and is an administrator again.",
            options = {
                { "name", "USER", "What is typed at sign-in", default = "admin" },
                { "reset", false, "Also when it has a password: a way back in" },
                { "config", "FILE", "The server's configuration" },
            },
            run = bootstrap,
        },
    },
}
