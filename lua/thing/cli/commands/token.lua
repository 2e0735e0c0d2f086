-- SPDX-License-Identifier: Apache-2.0
--
-- API tokens. The first one of a database is made beside the server (--local), all others by it.
local call = require "thing.cli.call"
local out = require "thing.cli.out"
local text = require "thing.cli.text"
local values = require "thing.cli.values"

local COLUMNS = {
    { "ID", "id" }, { "NAME", "name" }, { "ROLE", "role" },
    { "PRODUCTS", function(t) return t.products end,
        show = function(v) return text.value(v) == "" and "all" or text.value(v) end },
    { "EXPIRES", "expires_at", show = text.time }, { "USED", "used_at", show = text.time },
    { "BY", "created_by" },
}

local function create_local(c)
    local o = c.options
    if o.product or o.expires or o.json or o.server or o.token then
        c:usage("--local takes --name, --role and --config only")
    end
    local words = { "--name", o.name, "--role", o.role }
    if o.config then
        table.move({ "--config", o.config }, 1, 2, #words + 1, words)
    end
    return thing.host.run("token", words)
end

local function create(c)
    local o = c.options
    if o["local"] then
        return create_local(c)
    elseif o.config then
        c:usage("--config goes with --local: a server is asked, not the database")
    end
    local answer = c:request("POST", "/tokens", { body = { name = o.name, role = o.role,
        products = o.product, expires_at = o.expires and values.time(o.expires, "--expires") } })
    if o.json then
        return c:show(answer)
    end
    out.line(thing.host.decode(answer.body).token)
end

return {
    name = "token", summary = "API tokens",
    commands = {
        {
            name = "list", summary = "List tokens; the tokens themselves are not kept",
            options = call.options({
                { "role", "ROLE", "Of this role", query = "role" },
                { "sort", "FIELD", "Order; - in front turns it round", query = "sort",
                    choices = { "created_at", "-created_at", "name", "-name" } },
            }, call.LIST),
            run = function(c) c:list("/tokens", { columns = COLUMNS }) end,
        },
        {
            name = "create", summary = "Make a token and print it, this once",
            text = "Asks the server. With --local it writes to the database that the server's "
                .. "configuration names, on the server's machine: this is how the first token is "
                .. "made.",
            options = {
                { "name", "TEXT", "What it is for", default = "thingd" },
                { "role", "ROLE", "viewer, operator, integrator, admin, or a role of your own",
                    default = "viewer" },
                { "product", "PRODUCT", "Good for this product only", repeated = true },
                { "expires", "TIME", "Its end, such as 2027-01-31" },
                { "local", false, "Directly in the database, without a server" },
                { "config", "FILE", "With --local: the server's configuration" },
            },
            examples = {
                { "thingd token create --local --role admin --config /etc/thingd.conf" },
                { "thingd token create --name dashboard --role viewer --product greenhouse" },
            },
            run = create,
        },
        {
            name = "revoke", summary = "End a token", args = { { "TOKEN", "Its id, as listed" } },
            options = { call.YES },
            run = function(c)
                c:confirm("Revoke token " .. text.clean(c.args.TOKEN) .. "?")
                c:done(c:request("DELETE", "/tokens/{token}"), "revoked token " .. c.args.TOKEN)
            end,
        },
    },
}
