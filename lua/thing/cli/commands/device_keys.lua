-- SPDX-License-Identifier: Apache-2.0
--
-- The keys that a device signs its passwords with: to change one, add a key, move the device over,
-- delete the old.
local call = require "thing.cli.call"
local client = require "thing.cli.client"
local device = require "thing.cli.device"
local out = require "thing.cli.out"
local text = require "thing.cli.text"
local values = require "thing.cli.values"

local PATH = device.PATH .. "/keys"

return {
    name = "key", summary = "The keys that a device signs with",
    commands = {
        {
            name = "list", summary = "List a device's keys; their secrets are not shown",
            args = { device.ARG },
            run = function(c)
                c:list(PATH, { with = device.find(c), paged = false, columns = {
                    { "ID", "id" }, { "CREATED", "created_at", show = text.time },
                    { "EXPIRES", "expires_at", show = text.time },
                } })
            end,
        },
        {
            name = "create", summary = "Add a key and print its secret, this once",
            args = { device.ARG },
            options = {
                { "replace-after", "SECONDS", "All older keys end then", integer = true },
                { "expires", "TIME", "Its end" },
            },
            run = function(c)
                local o = c.options
                local answer = c:request("POST", PATH, { with = device.find(c), body = {
                    replace_after = o.replace_after,
                    expires_at = o.expires and values.time(o.expires, "--expires"),
                } })
                if o.json then
                    return c:show(answer)
                end
                out.line(client.value(answer).secret)
            end,
        },
        {
            name = "delete", summary = "Delete a key",
            args = { device.ARG, { "KEY_ID", "Its id, as listed" } }, options = { call.YES },
            run = function(c)
                c:confirm("Delete key " .. text.clean(c.args.KEY_ID) .. "?")
                c:done(c:request("DELETE", PATH .. "/{key_id}", { with = device.find(c) }),
                    "deleted key " .. c.args.KEY_ID)
            end,
        },
    },
}
