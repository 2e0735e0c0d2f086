-- SPDX-License-Identifier: Apache-2.0
--
-- lua/thing/reference.lua for people and for their editors: the manual in Markdown, and stubs for
-- lua-language-server.
local M = {}

-- What stands before a Markdown table's cell ends: a | inside would end it too.
local function cell(text)
    return (text:gsub("|", "\\|"))
end

local function is_function(signature)
    return signature:sub(1, 1) == "("
end

local function list(words)
    return table.concat(words, ", ")
end

-- ---- the manual ----

local HEAD = [[
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Made by `thingd lua manual` from lua/thing/reference.lua: change it there. -->
# What a product's script can do

A script is Lua 5.4 that returns a table: handlers, which the platform calls, and tests. `thing`
is all it can reach of the platform; of Lua's own libraries it has `string`, `table`, `math`,
`utf8`, `coroutine`, four functions of `os` (`time`, `date`, `clock`, `difftime`), and `require` for
the product's own files. A first script, step by step: [README.md](README.md).
]]

local HANDLER = [[

### %s

    %s%s

%s Phase: %s.

Returns: %s

```lua
%s
```
]]

local function handlers(out, reference)
    out[#out + 1] = "\n## Handlers\n\nEach is optional; without it the default does what "
        .. "PROTOCOL.md says.\n"
    for _, h in ipairs(reference.handlers) do
        out[#out + 1] = HANDLER:format(h.name, h.name, h.signature, h.text, h.phase, h.returns,
            h.example)
    end
    out[#out + 1] = "\n### Beside the handlers\n\n| member | type | |\n|---|---|---|\n"
    for _, m in ipairs(reference.members) do
        out[#out + 1] = ("| `%s` | `%s` | %s |\n"):format(m.name, cell(m.type), cell(m.text))
    end
end

local function types(out, reference)
    out[#out + 1] = "\n## What handlers are given\n"
    for _, t in ipairs(reference.types) do
        out[#out + 1] = ("\n### %s\n\n%s\n\n| field | type | |\n|---|---|---|\n"):format(t.name,
            t.text)
        for _, f in ipairs(t.fields) do
            out[#out + 1] = ("| `%s` | `%s` | %s |\n"):format(f.name, cell(f.type), cell(f.text))
        end
    end
end

local function sections(out, reference)
    for _, s in ipairs(reference) do
        out[#out + 1] = ("\n## %s\n\n%s%s\n"):format(s.name, s.text, s.phases
            and " In the phases " .. list(s.phases)
                .. ", unless said otherwise." or "")
        for _, f in ipairs(s.functions) do
            local own = f.phases and f.phases ~= s.phases
                and (" Only in the phases %s."):format(list(f.phases)) or ""
            local name = s.name .. "." .. f.name
            local gives = f.example
                and ("\n    %s  --> %s\n"):format(f.example[1], f.example[2]) or ""
            out[#out + 1] = ("\n### %s\n\n    %s%s%s\n\n%s%s\n%s"):format(name, name,
                is_function(f.signature) and "" or ": ", f.signature, f.text, own, gives)
        end
    end
end

-- The manual as Markdown.
function M.markdown(reference)
    local out = { HEAD }
    handlers(out, reference)
    types(out, reference)
    sections(out, reference)
    return table.concat(out)
end

-- ---- stubs ----

local STUBS = [[
---@meta _
-- What a product's script can call, for lua-language-server. Made by `thingd lua stubs`.

]]

local function comment(out, text)
    for line in text:gmatch("[^\n]+") do
        out[#out + 1] = "---" .. line .. "\n"
    end
end

-- The arguments of "(a: string, b?: integer, ...: any): string?, integer": name and type each; and
-- the list of what is returned.
local function read_signature(signature)
    local inside, behind = signature:match("^(%b())%s*(.*)$")
    local arguments, depth, start = {}, 0, 2
    local function add(text)
        local name, kind = text:match("^%s*([%w_%.]+%??):%s*(.-)%s*$")
        if name then
            arguments[#arguments + 1] = { name = name, type = kind }
        end
    end
    for at = 2, #inside do
        local c = inside:sub(at, at)
        depth = depth + (c:find("[<{%[(]") and 1 or c:find("[>}%])]") and at < #inside and -1 or 0)
        if depth == 0 and c == "," or at == #inside then
            add(inside:sub(start, at - 1))
            start = at + 1
        end
    end
    return arguments, behind:match("^:%s*(.*)$")
end

local function put_function(out, name, signature, text)
    local arguments, returned = read_signature(signature)
    local names = {}
    comment(out, text)
    for i, a in ipairs(arguments) do
        names[i] = a.name:gsub("%?$", "")
        out[#out + 1] = ("---@param %s %s\n"):format(a.name, a.type)
    end
    if returned then
        out[#out + 1] = "---@return " .. returned .. "\n"
    end
    out[#out + 1] = ("function %s(%s) end\n\n"):format(name, list(names))
end

local function put_class(out, name, text, fields)
    comment(out, text)
    out[#out + 1] = "---@class " .. name .. "\n"
    for _, f in ipairs(fields) do
        local optional = f.type:sub(-1) == "?" and not f.name:find("^%[")
        out[#out + 1] = ("---@field %s %s %s\n"):format(f.name .. (optional and "?" or ""),
            optional and f.type:sub(1, -2) or f.type, f.text)
    end
    out[#out + 1] = "\n"
end

-- The stubs as Lua that is never run.
function M.stubs(reference)
    local out = { STUBS }
    for _, t in ipairs(reference.types) do
        put_class(out, t.name, t.text, t.fields)
    end
    local fields = { table.unpack(reference.members) }
    for _, h in ipairs(reference.handlers) do
        fields[#fields + 1] = { name = h.name, text = h.text,
            type = "(fun" .. h.signature .. ")?" }
    end
    put_class(out, "thing.Product", "What a script returns.", fields)
    out[#out + 1] = "---@class thing\nthing = {}\n\n"
    for _, s in ipairs(reference) do
        if s.name ~= "thing" then
            comment(out, s.text)
            out[#out + 1] = s.name .. " = {}\n\n"
        end
        for _, f in ipairs(s.functions) do
            local name = s.name .. "." .. f.name
            local phases = f.phases or s.phases
            local text = f.text .. (phases and "\nOnly in the phases " .. list(phases) .. "." or "")
            if is_function(f.signature) then
                put_function(out, name, f.signature, text)
            else
                comment(out, text)
                out[#out + 1] = ("---@type %s\n%s = nil\n\n"):format(f.signature, name)
            end
        end
    end
    return table.concat(out)
end

return M
