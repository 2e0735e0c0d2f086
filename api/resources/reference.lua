-- SPDX-License-Identifier: Apache-2.0
--
-- Pages for people: every error code, and every path of this API with what it takes and answers.
-- Both are made from the same tables that the API runs on.
local page = require "thing.page"
local problem = require "thing.problem"
local schema = require "thing.schema"

local e = page.escape

local function error_rows(only)
    local rows = {}
    for _, c in ipairs(problem.list()) do
        if not only or only == c.code then
            rows[#rows + 1] = ('<tr id="%s"><td><code>%s</code><td>%d<td>%s. %s'):format(e(c.code),
                e(c.code), c.status, e(c.title), e(c.meaning))
        end
    end
    return rows
end

local function errors(ctx)
    local rows = error_rows(ctx.params.code)
    if #rows == 0 then
        problem.raise("not_found")
    end
    local more = ctx.params.code and '<p><a href="/errors">All codes</a>' or ""
    return page.reply("Errors", [[<h1>Errors</h1>
<p>Every error is <code>application/problem+json</code> (RFC 9457) with a stable <code>code</code>,
    the HTTP
<code>status</code>, a <code>request_id</code> that the server's log knows,
    and often a <code>detail</code>.
<table><tr><th>code<th>status<th>meaning]] .. table.concat(rows, "\n") .. "</table>" .. more)
end

local function type_text(s)
    local name = schema.name_of(s)
    if name then
        return ('<a href="#schema-%s">%s</a>'):format(e(name), e(name))
    elseif s.anyOf then
        local parts = {}
        for i, sub in ipairs(s.anyOf) do
            parts[i] = type_text(sub)
        end
        return table.concat(parts, " or ")
    end
    local text = type(s.type) == "table" and table.concat(s.type, " or ") or s.type or "any"
    if s.items then
        text = text .. " of " .. type_text(s.items)
    end
    return text
end

-- Sorted members of an object as rows; nested objects without a name follow indented.
local function member_rows(s, rows, prefix)
    local names, required = {}, {}
    for name in pairs(s.properties or {}) do
        names[#names + 1] = name
    end
    table.sort(names)
    for _, name in ipairs(s.required or {}) do
        required[name] = true
    end
    for _, name in ipairs(names) do
        local sub = s.properties[name]
        local one_of = {}
        for i, value in ipairs(sub.enum or {}) do
            one_of[i] = tostring(value)
        end
        local note = (sub.description or "") .. (sub.enum and " One of: "
            .. table.concat(one_of, ", ") .. "." or "")
        if sub.default ~= nil and type(sub.default) ~= "table" then
            note = note .. " Default: " .. tostring(sub.default) .. "."
        end
        rows[#rows + 1] = ("<tr><td><code>%s%s</code>%s<td>%s<td>%s"):format(e(prefix), e(name),
            required[name] and " *" or "", type_text(sub), e(note))
        if not schema.name_of(sub) then
            member_rows(sub, rows, prefix .. name .. ".")
        end
    end
    return rows
end

local function table_of(s)
    return "<table>" .. table.concat(member_rows(s, {}, ""), "\n") .. "</table>"
end

local function answers(route)
    local parts = {}
    for status, answer in pairs(route.answers) do
        local what = answer.list and "a list of " .. type_text(answer.list)
            or answer.schema and type_text(answer.schema) or answer.text and e(answer.text)
                or "nothing"
        parts[#parts + 1] = status .. ": " .. what
    end
    table.sort(parts)
    return table.concat(parts, "; ")
end

local function operation(route)
    local head = '<details id="%s"><summary><span class="m">%s</span> <code>%s</code> %s</summary>'
    local out = { head:format(e(route.id), route.method, e(route.path), e(route.summary or "")) }
    local needs = route.open and "open to all" or route.permission
        and "<code>" .. e(route.permission) .. "</code>" or "signed in"
    out[#out + 1] = "<p>Permission: " .. needs .. ". Answers " .. answers(route) .. "."
    if route.description then
        out[#out + 1] = "<p>" .. e(route.description)
    end
    if next(route.query or {}) then
        out[#out + 1] = "<p>Query:" .. table_of { properties = route.query }
    end
    if route.body then
        out[#out + 1] = "<p>Body: " .. type_text(route.body)
    elseif route.raw then
        out[#out + 1] = "<p>Body: " .. e(table.concat(route.raw, ", "))
    end
    out[#out + 1] = "</details>"
    return table.concat(out, "\n")
end

-- Named schemas that a route speaks of, and those that these speak of.
local function collect(s, found)
    local name = schema.name_of(s)
    if name then
        if found[name] then
            return
        end
        found[name] = s
    end
    for _, sub in pairs(s.properties or {}) do
        collect(sub, found)
    end
    for _, key in ipairs { "items", "additionalProperties" } do
        if type(s[key]) == "table" then
            collect(s[key], found)
        end
    end
    for _, sub in ipairs(s.anyOf or {}) do
        collect(sub, found)
    end
end

local function schemas(routes)
    local found, names, out = {}, {}, {}
    for _, route in ipairs(routes) do
        collect(route.body or {}, found)
        for _, answer in pairs(route.answers) do
            collect(answer.list or answer.schema or {}, found)
        end
    end
    for name in pairs(found) do
        names[#names + 1] = name
    end
    table.sort(names)
    for i, name in ipairs(names) do
        local body = next(found[name].properties or {}) and table_of(found[name])
            or "<p>" .. type_text({ type = found[name].type, items = found[name].items })
        out[i] = ('<h3 id="schema-%s">%s</h3>%s'):format(e(name), e(name), body)
    end
    return table.concat(out, "\n")
end

local HEAD = [[<h1>The admin API</h1>
<p>Also as <a href="/api/openapi.json">OpenAPI 3.1</a>. Lists answer
<code>{items, next_cursor}</code>; pass <code>next_cursor</code> as <code>cursor</code> for the
next page. Changes honour <code>If-Match</code>, creates <code>Idempotency-Key</code>. Times are
RFC 3339 in UTC. Errors: <a href="/errors">every code</a>. Members with a * are required.
]]

local text

local function reference()
    if not text then
        local routes, out, tag = require("api.init").routes, { HEAD }, nil
        for _, route in ipairs(routes) do
            if route.tag ~= tag then
                tag = route.tag
                out[#out + 1] = "<h2>" .. e(tag:gsub("_", " ")) .. "</h2>"
            end
            out[#out + 1] = operation(route)
        end
        text = table.concat(out, "\n") .. "<h2>Schemas</h2>" .. schemas(routes)
    end
    return page.reply("The admin API", text)
end

return {
    name = "reference", levels = { read = "viewer" },
    routes = {
        {
            method = "GET", path = "/errors", root = true, open = true, id = "reference.errors",
            summary = "Every error code, for people", answers = { [200] = { text = "text/html" } },
                run = errors,
        },
        {
            method = "GET", path = "/errors/{code}", root = true, open = true,
                id = "reference.error",
            summary = "One error code, for people", answers = { [200] = { text = "text/html" } },
                run = errors,
        },
        {
            method = "GET", path = "/api/docs", root = true, action = "read", loopback = true,
            id = "reference.api", summary = "This reference, for people",
            answers = { [200] = { text = "text/html" } }, run = reference,
        },
    },
}
