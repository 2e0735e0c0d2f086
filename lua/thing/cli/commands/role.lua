-- SPDX-License-Identifier: Apache-2.0
local call = require "thing.cli.call"
local client = require "thing.cli.client"
local out = require "thing.cli.out"

return {
    name = "role", summary = "What accounts and tokens may do",
    commands = {
        {
            name = "list", summary = "List the roles of your own; viewer, operator, integrator and "
                .. "admin are built in",
            options = call.LIST,
            run = function(c)
                c:list("/roles", { columns = { { "ROLE", "key" }, { "NAME", "name" },
                    { "PERMISSIONS", "permissions" } } })
            end,
        },
        {
            name = "permissions", summary = "List permissions with the least role that has each",
            run = function(c)
                local answer = c:request("GET", "/permissions")
                if c.options.json then
                    return out.json(answer.body)
                end
                local writer = out.list("table", { { "PERMISSION", "permission" },
                    { "FROM ROLE", "level" } })
                for _, p in ipairs(client.value(answer).permissions) do
                    writer.item(p)
                end
                writer.finish()
            end,
        },
    },
}
