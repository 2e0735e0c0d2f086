-- SPDX-License-Identifier: Apache-2.0
--
-- What a command's run(call) works with: call.args and call.options (thing.cli.args), and the
-- methods below. Most commands are one of them, with a path and columns.
local args = require "thing.cli.args"
local client = require "thing.cli.client"
local fail = require "thing.cli.fail"
local out = require "thing.cli.out"
local text = require "thing.cli.text"
local values = require "thing.cli.values"

local M = {}
M.__index = M

-- Options of every list; `query` and `time` are said at M:query().
M.LIST = {
    { "limit", "N", "At most so many; 100 unless said otherwise", integer = true },
    { "all", false, "All there are, as they come" },
    { "csv", false, "Comma-separated values with a head line" },
}

-- Of lists of what happened.
M.RANGE = {
    { "from", "TIME", "Not before: 2h (ago), 2026-01-31, 2026-01-31T10:00:00Z", query = "from",
        time = true },
    { "to", "TIME", "Before", query = "to", time = true },
    { "order", "ORDER", "Oldest or newest first", query = "order", choices = { "asc", "desc" } },
}

function M.options(...)
    local all = {}
    for _, list in ipairs { ... } do
        table.move(list, 1, #list, #all + 1, all)
    end
    return all
end

function M.new(parsed)
    return setmetatable(parsed, M)
end

function M:usage(message)
    args.usage(self, message)
end

function M:connect()
    self.connection = self.connection or client.new(self.options)
    return self.connection
end

-- The path of a template such as "/products/{product}", filled from the arguments (PRODUCT) and
-- from more; and what it stands for in words.
function M:path(template, more)
    return client.path(template, setmetatable(more or {}, { __index = self.args }))
end

-- o as in client:request; o.path is a template.
function M:request(method, template, o)
    o = o or {}
    local path, what = self:path(template, o.with)
    o.what = o.what or what
    return self:connect():request(method, path, o)
end

-- The query of a list, from the options that say so: `query = "name"` names the parameter, `as` is
-- what a flag stands for (true), `time` makes moments of what people write. only: these options in
-- place of all that the command has.
function M:query(only)
    local query = {}
    for _, option in ipairs(only or self.command.options or {}) do
        local value = self.options[option[1]:gsub("-", "_")]
        if option.query and value ~= nil then
            if option.time then
                value = values.time(value, "--" .. option[1])
            elseif not option[2] then
                value = option.as ~= false
            end
            if query[option.query] ~= nil and query[option.query] ~= value then
                self:usage("--" .. option[1] .. " contradicts another option")
            end
            query[option.query] = value
        end
    end
    return query
end

function M:form()
    local o = self.options
    if o.json and o.csv then
        self:usage("either --json or --csv")
    end
    return o.json and "json" or o.csv and "csv" or "table"
end

-- Prints a list: template, { columns = as in out.list, query = more of it, with =, paged =,
-- writer = in place of columns }.
function M:list(template, o)
    local form, query = self:form(), self:query()
    for name, value in pairs(o.query or {}) do
        query[name] = value
    end
    local limit = self.options.limit or 100
    if self.options.all then
        if self.options.limit then
            self:usage("either --all or --limit")
        end
        limit = nil
    elseif limit < 1 then
        self:usage("--limit is at least 1")
    end
    local path, what = self:path(template, o.with)
    local writer = o.writer or out.list(form, o.columns)
    local more = self:connect():each(path, { query = query, limit = limit, what = what,
        paged = o.paged }, writer.item)
    writer.finish()
    out.flush()
    if more and not self.options.limit then
        out.note(("thingd: the first %d; --all or --limit N shows more"):format(limit))
    end
end

-- Prints one thing that an answer holds; first: names of members in their order.
function M:show(answer, first)
    if self.options.json then
        out.json(answer.body)
    else
        out.record(client.value(answer), first)
    end
end

-- Says what was done; with --json the answer instead, when it has one.
function M:done(answer, message)
    if not self.options.json then
        out.line(text.clean(message))
    elseif answer.body ~= "" then
        out.json(answer.body)
    end
end

-- Asks before what cannot be undone; without a terminal it has to be said by --yes.
function M:confirm(question)
    if self.options.yes then
        return
    elseif not (thing.host.is_terminal(0) and thing.host.is_terminal(2)) then
        self:usage("there is no terminal to ask on: add --yes")
    end
    local line = thing.host.prompt(question .. " [y/N] ")
    if not (line and line:lower():find("^y")) then
        fail.raise(fail.FAILED, "nothing was done")
    end
end

M.YES = { "yes", false, "Do not ask" }

return M
