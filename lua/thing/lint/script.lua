-- SPDX-License-Identifier: Apache-2.0
--
-- What a product's script as a whole must be: its handlers and members, its tests, and no function
-- called where it cannot be, as far as that can be seen without running it.
local names = require "thing.lint.names"

local M = {}

-- The table that the script returns, as far as it is written down in it; nil when it is not.
local function product(scope)
    local given = scope.given[#scope.given]
    local e = given and given.value
    if e and e.kind == "path" and e.n == 0 and e.var then
        e = e.var.fields
    end
    return e and e.kind == "table" and e or nil, given
end

-- The function that a value is, or nil.
local function function_of(e)
    for _ = 1, 4 do
        if not e or e.kind == "function" then
            return e and e.fn
        elseif e.kind ~= "path" or not e.var or e.n > 1 then
            return nil
        elseif e.n == 1 then
            local members = e.var.fields and e.var.fields.members
            local member = members and e[1] and members[e[1]]
            e = member and member.value
        else
            e = e.var.value
        end
    end
    return nil
end

local function allowed(phases, phase)
    for _, p in ipairs(phases) do
        if p == phase then
            return true
        end
    end
    return false
end

-- Warns of every call in `fn`, and in what it calls, that cannot be in this phase.
local function follow(warn, index, fn, phase, where, told)
    local waiting, seen = { fn }, { [fn] = true }
    local function add(other)
        if other and not seen[other] then
            seen[other] = true
            waiting[#waiting + 1] = other
        end
    end
    while #waiting > 0 do
        local now = table.remove(waiting)
        for _, call in ipairs(now.calls) do
            local f = names.function_of(index, call)
            if f and f.phases and not allowed(f.phases, phase) and not told[call] then
                told[call] = true
                warn("phase", call.line, call.column, ("%s cannot be called %s, only in phase %s")
                    :format(f.name, where, table.concat(f.phases, ", ")))
            end
            add(function_of(call))
        end
        for _, inner in ipairs(now.inner) do
            add(inner)
        end
    end
end

-- Which argument names a function of the script, which is called in phase timer.
local PUTS_OFF = { ["thing.later"] = 1, ["thing.forward"] = 2 }

local function check_put_off(warn, index, scope, made, told)
    for _, call in ipairs(scope.calls) do
        local f = names.function_of(index, call)
        local wanted = f and call.arguments[PUTS_OFF[f.name]]
        local name = wanted and wanted.kind == "string" and wanted.value
        local member = name and made.members and made.members[name]
        local fn = member and function_of(member.value)
        if fn then
            follow(warn, index, fn, "timer", "in " .. name .. ", which is put off", told)
        elseif name and not made.unknown and not member then
            local near = names.near(name, made.members or {})
            warn("unknown_function", wanted.line, wanted.column,
                ("the script has no function '%s' to put off%s"):format(name,
                    near and ": did you mean " .. near .. "?" or ""))
        end
    end
end

local function handlers_by_name(reference)
    local by_name = {}
    for _, h in ipairs(reference.handlers) do
        by_name[h.name] = h
    end
    return by_name
end

local function check_members(warn, made, handlers, told, index)
    for name, member in pairs(made.members or {}) do
        local handler = handlers[name]
        local fn = function_of(member.value)
        if handler and member.value.method then
            warn("handler_name", member.line, member.column,
                ("'%s' is called with a dot: write .%s, or self is what comes first"):format(name,
                    name))
        elseif handler and fn then
            follow(warn, index, fn, handler.phase, "in " .. name, told)
        elseif not handler and type(name) == "string" and name ~= "api" and name ~= "tests" then
            local near = names.near(name, handlers)
            if name:find("^on_") or near and fn then
                warn("handler_name", member.line, member.column,
                    ("nothing calls '%s'%s"):format(name, near and ": did you mean " .. near
                        .. "?" or ""))
            end
        end
    end
end

local function empty(e)
    return e.kind == "table" and not e.members and not e.items and not e.unknown
end

local function check_tests(warn, tests)
    for _, test in ipairs(tests.value.kind == "table" and tests.value.items or {}) do
        if test.kind == "table" and not test.unknown then
            local members = test.members or {}
            for _, needed in ipairs { "name", "input", "expect" } do
                if not members[needed] then
                    warn("test", test.line, test.column, "the test has no " .. needed)
                end
            end
            if members.expect and empty(members.expect.value) then
                warn("test", members.expect.line, members.expect.column,
                    "the test expects nothing: it passes whatever happens")
            end
        end
    end
end

local VALUES = { string = true, number = true, ["nil"] = true, ["true"] = true, ["false"] = true,
    ["function"] = true, operation = true }

function M.check(warn, scope, reference, index, options)
    local told = {}
    local made, given = product(scope)
    if not options.module then
        if not given then
            warn("no_product", 1, 1, "the script returns nothing: it ends with the product's table")
        elseif not given.value or VALUES[given.value.kind] then
            warn("no_product", given.line, given.column, "the script must return a table")
        end
    end
    if made and not options.module then
        local members = made.members or {}
        local api = members.api
        if not api and not made.unknown then
            warn("no_api", given.line, given.column, "the product's table must say api = 1")
        elseif api and (VALUES[api.value.kind] and api.value.value ~= 1) then
            warn("no_api", api.line, api.column, "api must be 1")
        end
        check_members(warn, made, handlers_by_name(reference), told, index)
        check_put_off(warn, index, scope, made, told)
        if members.tests then
            check_tests(warn, members.tests)
        end
    end
    follow(warn, index, scope.main, "load", "while the script loads", told)
end

return M
