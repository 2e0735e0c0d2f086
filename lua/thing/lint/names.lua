-- SPDX-License-Identifier: Apache-2.0
--
-- The names of a script that are not its own: globals, members of libraries, thing.*, modules.
-- Warns of those that are not there, and says what was probably meant.
local M = {}

-- Taken out of Lua on purpose; what to do instead.
local REMOVED = {
    load = "text is not run as code", loadstring = "text is not run as code",
    loadfile = "there are no files: require() a file of the product",
    dofile = "there are no files: require() a file of the product",
    io = "there are no files and processes", debug = "it would open the sandbox",
    package = "require() finds the product's own files", collectgarbage = "memory is looked after",
    os = "only os.time, os.date, os.clock and os.difftime are there",
}
local REMOVED_MEMBERS = {
    ["string.dump"] = "there is no bytecode", ["coroutine.close"] = "the platform ends coroutines",
}

-- How many letters to change, add, take away or swap with a neighbour; more than `most` counts as
-- most + 1.
local function distance(a, b, most)
    if math.abs(#a - #b) > most then
        return most + 1
    end
    local before, last, row = {}, {}, {}
    for j = 0, #b do last[j] = j end
    for i = 1, #a do
        row = { [0] = i }
        for j = 1, #b do
            local same = a:byte(i) == b:byte(j)
            row[j] = math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same and 0 or 1))
            if i > 1 and j > 1 and a:byte(i) == b:byte(j - 1) and a:byte(i - 1) == b:byte(j) then
                row[j] = math.min(row[j], before[j - 2] + 1)
            end
        end
        before, last = last, row
    end
    return row[#b] or #b
end

-- The key of `known` that `name` was probably meant to be, or nil.
function M.near(name, known)
    if #name > 40 then
        return nil
    end
    local most = #name <= 4 and 1 or 2
    local best, found = most + 1, nil
    for candidate in pairs(known) do
        if type(candidate) == "string" then
            local d = distance(name:lower(), candidate:lower(), most)
            if d < best or d == best and found and candidate < found then
                best, found = d, candidate
            end
        end
    end
    return found
end

local function meant(name)
    return name and (": did you mean %s?"):format(name) or ""
end

-- Functions of `thing` by their first key; those of a part by the second.
function M.index(reference)
    local known, parts = {}, {}
    for _, section in ipairs(reference) do
        local part = section.name:match("^thing%.(%w+)$")
        local into = known
        if part then
            into = { }
            known[part] = { part = into }
        end
        for _, f in ipairs(section.functions) do
            into[f.name] = { phases = f.phases or section.phases,
                name = section.name .. "." .. f.name }
            parts[f.name] = parts[f.name] or section.name .. "." .. f.name
        end
    end
    return { known = known, anywhere = parts }
end

-- The keys behind `thing` that a path means, through `local j = thing.json`; nil when it is
-- another's. keys[i] = false: not constant. Second result: how many of them the alias brought.
local function keys_of(e, depth)
    if e.kind ~= "path" or depth > 4 then
        return nil
    end
    local keys, brought = {}, 0
    if e.var then
        local value = e.var.value
        keys = value and value ~= e and keys_of(value, depth + 1)
        if not keys then
            return nil
        end
        brought = #keys
    elseif e.name ~= "thing" then
        return nil
    end
    local all = { table.unpack(keys) }
    for i = 1, math.min(e.n, 2) do
        all[#all + 1] = e[i]
    end
    return all, brought
end

-- The entry of the function of `thing` that is called, or nil.
function M.function_of(index, e)
    local keys = keys_of(e, 0)
    local entry = keys and index.known[keys[1]]
    if entry and entry.part then
        return entry.part[keys[2]]
    end
    return entry
end

-- What a part of `thing` has, when that is few enough to be read.
local function members_of(part, name)
    local names = {}
    for member in pairs(part) do
        names[#names + 1] = member
    end
    table.sort(names)
    return #names <= 8 and ("; thing.%s has %s"):format(name, table.concat(names, ", ")) or ""
end

local function check_thing(warn, index, e)
    local keys, brought = keys_of(e, 0)
    if not keys or not keys[1] or #keys == brought then
        return
    end
    local at = 1 - brought
    local entry = index.known[keys[1]]
    local message
    if not entry then
        local name = M.near(keys[1], index.known)
        message = ("there is no thing.%s"):format(keys[1])
            .. meant(name and "thing." .. name or index.anywhere[keys[1]])
    elseif entry.part and keys[2] and not entry.part[keys[2]] then
        at = 2 - brought
        local name = M.near(keys[2], entry.part)
        message = ("there is no thing.%s.%s"):format(keys[1], keys[2])
            .. (name and meant(("thing.%s.%s"):format(keys[1], name))
                or members_of(entry.part, keys[1]))
    elseif e.is_set then
        at, message = 1, "thing is read-only"
    else
        return
    end
    at = math.max(at, 1)
    warn("unknown_function", e["line" .. at], e["column" .. at], message)
end

local function check_library(warn, globals, e)
    local members = not e.var and globals[e.name]
    if type(members) ~= "table" or not e[1] or members[e[1]] then
        return
    end
    local full = e.name .. "." .. e[1]
    local why = REMOVED_MEMBERS[full] or (e.name == "os" and REMOVED.os)
    if why then
        warn("removed", e.line1, e.column1, ("%s is not there for scripts: %s"):format(full, why))
    else
        local name = M.near(e[1], members)
        warn("undefined", e.line1, e.column1, "there is no " .. full
            .. meant(name and e.name .. "." .. name))
    end
end

local function check_global(warn, options, scope, e)
    if options.globals[e.name] or scope.set and scope.set[e.name] then
        return
    end
    if REMOVED[e.name] then
        warn("removed", e.line, e.column, ("%s is not there for scripts: %s"):format(e.name,
            REMOVED[e.name]))
        return
    end
    warn("undefined", e.line, e.column, ("'%s' is not defined"):format(e.name)
        .. meant(M.near(e.name, options.globals)))
end

-- A call of require.
local function check_require(warn, modules, e)
    local wanted = e.arguments[1]
    if not wanted or wanted.kind ~= "string" or not wanted.value or not modules
        or modules[wanted.value] then
        return
    end
    local name = wanted.value
    local message = ("the product has no file %s.lua"):format(name:gsub("%.", "/"))
    if name:find("/", 1, true) or name:find("%.lua$") then
        message = "require() takes a name like lib.decode for lib/decode.lua"
    end
    local close = M.near(name, modules)
    warn("require", e.line, e.column, message .. meant(close and '"' .. close .. '"'))
end

-- scope: thing.lint.scope after reading. options: see thing.lint. warn() tells whether there are
-- enough already: looking for what was meant is not for free.
function M.check(warn, scope, index, options)
    for _, e in ipairs(scope.globals) do
        if warn() then
            return
        end
        check_global(warn, options, scope, e)
        if e.name == "require" and e.n == 0 and e.arguments then
            check_require(warn, options.modules, e)
        end
    end
    for _, e in ipairs(scope.paths) do
        if warn() then
            return
        end
        check_thing(warn, index, e)
        check_library(warn, options.globals, e)
    end
end

return M
