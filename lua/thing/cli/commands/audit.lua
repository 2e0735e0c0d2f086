-- SPDX-License-Identifier: Apache-2.0
local call = require "thing.cli.call"
local text = require "thing.cli.text"

return {
    name = "audit", summary = "Who changed what",
    commands = {
        {
            name = "list", summary = "List changes, newest first; --json has before and after",
            options = call.options({
                { "action", "ACTION", "Such as devices:create", query = "action" },
                { "actor", "NAME", "By this account or token", query = "actor" },
                { "product", "PRODUCT", "Of this product", query = "product" },
                { "target", "TARGET", "Of this thing", query = "target" },
            }, call.RANGE, call.LIST),
            run = function(c)
                c:list("/audit", { columns = {
                    { "TIME", "time", show = text.time }, { "ACTOR", "actor.name" },
                    { "ACTION", "action" }, { "TARGET", "target" }, { "PRODUCT", "product" },
                    { "ADDRESS", "address" },
                } })
            end,
        },
    },
}
