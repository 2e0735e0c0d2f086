-- SPDX-License-Identifier: Apache-2.0
local client = require "thing.cli.client"
local out = require "thing.cli.out"

return {
    name = "whoami", summary = "Which server, which token, and what it may do",
    run = function(c)
        local answer = c:request("GET", "/session")
        if c.options.json then
            return out.json(answer.body)
        end
        local session = client.value(answer)
        out.record({ server = c.connection.server, kind = session.kind, name = session.name,
            permissions = session.permissions, products = session.scoped and "some" or "all" },
            { "server", "kind", "name", "products", "permissions" })
    end,
}
