-- SPDX-License-Identifier: Apache-2.0
--
-- The regular expressions that the API's own schemas use: anchored sequences of characters and
-- classes, each with a quantifier (`^[A-Za-z0-9_-]{1,128}$`). Anything beyond that is refused when
-- the schema is compiled. Matching tries the longest run first and steps back, over bytes.
local M = {}

local ESCAPES = { d = "0-9", w = "A-Za-z0-9_", s = " \t\r\n\f\v" }

local function fail(text)
    error("pattern outside the supported subset: " .. text, 0)
end

-- Set of bytes of a class body such as A-Za-z0-9_-
local function class(body, text)
    local set, i = {}, 1
    local negated = body:sub(1, 1) == "^"
    if negated then
        i = 2
    end
    while i <= #body do
        local c = body:sub(i, i)
        if c == "\\" then
            local e = body:sub(i + 1, i + 1)
            if ESCAPES[e] then
                for b in pairs(class(ESCAPES[e], text)) do
                    set[b] = true
                end
            else
                set[e:byte() or fail(text)] = true
            end
            i = i + 2
        elseif body:sub(i + 1, i + 1) == "-" and i + 2 <= #body then
            for b = c:byte(), body:byte(i + 2) do
                set[b] = true
            end
            i = i + 3
        else
            set[c:byte()] = true
            i = i + 1
        end
    end
    if not negated then
        return set
    end
    local rest = {}
    for b = 0, 255 do
        rest[b] = not set[b] or nil
    end
    return rest
end

local function quantifier(text, i)
    local q = text:sub(i, i)
    if q == "*" then
        return 0, math.huge, i + 1
    elseif q == "+" then
        return 1, math.huge, i + 1
    elseif q == "?" then
        return 0, 1, i + 1
    elseif q ~= "{" then
        return 1, 1, i
    end
    local min, comma, max, stop = text:match("^{(%d+)(,?)(%d*)}()", i)
    if not min then
        fail(text)
    end
    min = tonumber(min)
    return min, comma == "" and min or tonumber(max) or math.huge, stop
end

local function parse(text)
    local atoms, i, stop = {}, 2, #text
    if text:sub(1, 1) ~= "^" or text:sub(-1) ~= "$" then
        fail(text)
    end
    while i < stop do
        local c, set = text:sub(i, i), nil
        if c == "[" then
            local close = text:find("]", i + 2, true) or fail(text)
            set, i = class(text:sub(i + 1, close - 1), text), close + 1
        elseif c == "\\" then
            set, i = class(text:sub(i, i + 1), text), i + 2
        elseif c:find("[().|*+?{}^$]") then
            fail(text)
        else
            set, i = { [c:byte()] = true }, i + 1
        end
        local min, max
        min, max, i = quantifier(text, i)
        atoms[#atoms + 1] = { set = set, min = min, max = max }
    end
    return atoms
end

local function match(atoms, n, s, pos)
    local atom = atoms[n]
    if not atom then
        return pos > #s
    end
    local run = 0
    while run < atom.max and pos + run <= #s and atom.set[s:byte(pos + run)] do
        run = run + 1
    end
    while run >= atom.min do
        if match(atoms, n + 1, s, pos + run) then
            return true
        end
        run = run - 1
    end
    return false
end

-- Returns a function(text) -> boolean.
function M.compile(text)
    local atoms = parse(text)
    return function(s) return match(atoms, 1, s, 1) end
end

return M
