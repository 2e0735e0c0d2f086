-- SPDX-License-Identifier: Apache-2.0
--
-- Looks through a product's script without running it. Made for sources of strangers: it runs in
-- a sandboxed state with limits (core/bind/lint.h), needs no library, keeps no tree.
--
-- A warning: { code, line, column (in bytes, from 1), message, file }. A line that ends with
-- `-- lint: ignore` is not complained of.
local names = require "thing.lint.names"
local scope = require "thing.lint.scope"
local script = require "thing.lint.script"
local statements = require "thing.lint.statements"

local M = {}

M.MOST = 200 -- warnings of one file
local ENOUGH = 1000 -- after which no more are looked for
local LONGEST = 300 -- of a message

-- Names are as long as people please, and may hold anything.
local function shown(message)
    message = message:gsub("[^\32-\126]", "?")
    return #message > LONGEST and message:sub(1, LONGEST) .. "..." or message
end

-- What scripts find in their environment: name -> true, or the members of a library.
function M.globals(environment)
    local known = { thing = true, _G = true, _ENV = true, require = true }
    for name, value in pairs(environment) do
        if type(value) == "table" and name ~= "_G" and name ~= "thing" then
            local members = {}
            for member in pairs(value) do
                members[member] = true
            end
            known[name] = members
        else
            known[name] = true
        end
    end
    return known
end

-- The warnings in the order of the text, ignored lines left out.
local function sorted(warnings, ignored)
    local kept, told = {}, {}
    table.sort(warnings, function(a, b)
        if a.line ~= b.line then return a.line < b.line end
        if a.column ~= b.column then return a.column < b.column end
        return a.message < b.message
    end)
    for _, w in ipairs(warnings) do
        local mark = w.line .. ":" .. w.column .. w.message
        if not ignored[w.line] and not told[mark] and #kept < M.MOST then
            told[mark] = true
            kept[#kept + 1] = w
        end
    end
    return kept
end

-- options: reference (lua/thing/reference.lua), globals (M.globals()), module = true for a file
-- that is required by others, modules = set of names that require() finds (nil: not known), file =
-- its name. Returns the warnings; and the mistake { line, column, message } where it is not Lua.
function M.check(source, options)
    local warnings = {}
    local function warn(code, line, column, message)
        if not code or #warnings >= ENOUGH then
            return #warnings >= ENOUGH
        end
        warnings[#warnings + 1] = { code = code, line = line, column = column, file = options.file,
            message = shown(message) }
    end
    local seen = scope.new(warn)
    local ok, ignored = pcall(statements.read, source, seen)
    if not ok then
        if type(ignored) ~= "table" then
            error(ignored, 0)
        end
        ignored.message = shown(ignored.message)
        return {}, ignored
    end
    local index = names.index(options.reference)
    names.check(warn, seen, index, options)
    script.check(warn, seen, options.reference, index, options)
    return sorted(warnings, ignored)
end

return M
