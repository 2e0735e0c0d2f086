-- SPDX-License-Identifier: Apache-2.0
--
-- What has no command of its own.
local call = require "thing.cli.call"
local out = require "thing.cli.out"
local values = require "thing.cli.values"

local METHODS = { GET = true, POST = true, PUT = true, PATCH = true, DELETE = true }

return {
    name = "api", summary = "Send a request to the API and print the answer's JSON",
    args = {
        { "METHOD", "GET, POST, PUT, PATCH or DELETE" },
        { "PATH", "Below /api/v1, with its query, such as /devices?limit=3" },
    },
    options = {
        { "data", "JSON", "The body: JSON, @FILE or - for standard input" },
        { "header", "NAME: VALUE", "A header, such as If-Match", repeated = true },
    },
    examples = {
        { "thingd api GET '/statistics/series?bucket=1h'" },
        { "thingd api PATCH /settings --data '{\"session_days\":7}'" },
    },
    run = function(c)
        local method, path = c.args.METHOD:upper(), c.args.PATH
        if not METHODS[method] then
            c:usage(("%q is no method"):format(c.args.METHOD))
        elseif not path:find("^/[!-~]*$") then
            c:usage("a path begins with / and has no blanks")
        end
        for _, header in ipairs(c.options.header or {}) do
            if not header:find("^[%w-]+:%s*[^%c]*$") then
                c:usage(("%q is no header"):format(header))
            end
        end
        local answer = call.connect(c):request(method, path, {
            body = c.options.data and values.json(c.options.data, "--data"),
            headers = c.options.header, plain = path:find("^/api/") ~= nil, what = method .. " "
                .. path })
        if answer.body ~= "" then
            out.json(answer.body)
        end
    end,
}
