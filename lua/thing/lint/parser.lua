-- SPDX-License-Identifier: Apache-2.0
--
-- Lua 5.4's grammar by recursive descent. No tree is kept: what the parser meets it tells a `seen`
-- object (thing.lint.scope) in the order of the text, so memory does not grow with the source. It
-- nests no deeper than Lua itself does.
--
-- An expression is a small table: { kind = "path", name, line, column, var, n, [1], [2] } for a
-- name with n keys behind it, of which the first two are known when they are constant;
-- "table" { fields, items }, "function" { fn }, "string" { value }, "number" { value }; or of a
-- kind of which nothing more is known.
local lexer = require "thing.lint.lexer"

local M = {}

local LEVELS = 195 -- Lua gives up at 200

local BINARY = { -- left and right priority
    ["or"] = { 1, 1 }, ["and"] = { 2, 2 }, ["<"] = { 3, 3 }, [">"] = { 3, 3 }, ["<="] = { 3, 3 },
    [">="] = { 3, 3 }, ["~="] = { 3, 3 }, ["=="] = { 3, 3 }, ["|"] = { 4, 4 }, ["~"] = { 5, 5 },
    ["&"] = { 6, 6 }, ["<<"] = { 7, 7 }, [">>"] = { 7, 7 }, [".."] = { 9, 8 }, ["+"] = { 10, 10 },
    ["-"] = { 10, 10 }, ["*"] = { 11, 11 }, ["/"] = { 11, 11 }, ["//"] = { 11, 11 },
    ["%"] = { 11, 11 }, ["^"] = { 14, 13 },
}
local UNARY = { ["not"] = true, ["-"] = true, ["~"] = true, ["#"] = true }
local UNARY_PRIORITY = 12
local ENDS = { eof = true, ["end"] = true, ["else"] = true, ["elseif"] = true, ["until"] = true }
local CONSTANTS = { ["nil"] = true, ["true"] = true, ["false"] = true, ["..."] = true }

local Parser = {}
Parser.__index = Parser

function Parser:advance()
    self.kind, self.value = self.lex:next()
    self.line, self.column = self.lex.line, self.lex.column
end

function Parser:fail(message, line, column)
    error({ line = line or self.line, column = column or self.column, message = message }, 0)
end

-- The token at hand, for messages.
function Parser:shown()
    return self.kind == "eof" and "<eof>" or "'" .. tostring(self.value or self.kind):sub(1, 40)
        .. "'"
end

function Parser:accept(kind)
    if self.kind == kind then
        self:advance()
        return true
    end
    return false
end

function Parser:expect(kind, opened, line)
    if self.kind == kind then
        return self:advance()
    end
    local where = opened and line ~= self.line
        and (" (to close '%s' at line %d)"):format(opened, line) or ""
    local what = kind == "name" and "a name" or "'" .. kind .. "'"
    self:fail(what .. " expected" .. where .. " near " .. self:shown())
end

function Parser:name()
    local name, line, column = self.value, self.line, self.column
    self:expect("name")
    return name, line, column
end

function Parser:enter()
    self.level = self.level + 1
    if self.level > LEVELS then
        self:fail("nested too deep")
    end
end

function Parser:leave()
    self.level = self.level - 1
end

-- ---- expressions ----

function Parser:list()
    local all = { self:expression() }
    while self:accept(",") do
        all[#all + 1] = self:expression()
    end
    return all
end

function Parser:field(made)
    local line, column = self.line, self.column
    local key
    if self:accept("[") then
        local e = self:expression()
        key = (e.kind == "string" or e.kind == "number") and e.value or nil
        self:expect("]")
        self:expect("=")
    elseif self.kind == "name" then
        local e = self:expression(true)
        if not e.bare or not self:accept("=") then
            return self.seen:item(made, e.bare and self.seen:read(e) or e)
        end
        key = e.name
    else
        return self.seen:item(made, self:expression())
    end
    self.seen:member(made, key, self:expression(), line, column)
end

function Parser:constructor()
    local line, column = self.line, self.column
    local made = { kind = "table", line = line, column = column }
    self:expect("{")
    while self.kind ~= "}" do
        self:field(made)
        if not self:accept(",") and not self:accept(";") then
            break
        end
    end
    self:expect("}", "{", line)
    return made
end

function Parser:arguments()
    local line = self.line
    if self.kind == "string" then
        local e = { kind = "string", value = self.value, line = self.line, column = self.column }
        self:advance()
        return { e }
    elseif self.kind == "{" then
        return { self:constructor() }
    end
    self:expect("(")
    local all = self.kind == ")" and {} or self:list()
    self:expect(")", "(", line)
    return all
end

-- What may follow a primary expression. A name that nothing follows is not read yet.
function Parser:suffixes(e)
    while true do
        local kind, line = self.kind, self.line
        if kind ~= "." and kind ~= "[" and kind ~= ":" and kind ~= "(" and kind ~= "{"
            and kind ~= "string" then
            return e
        end
        if e.bare then
            e = self.seen:read(e)
        end
        if kind == "." then
            self:advance()
            local name, at, column = self:name()
            e = self.seen:index(e, name, at, column)
        elseif kind == "[" then
            self:advance()
            local at, column = self.line, self.column
            local key = self:expression()
            self:expect("]", "[", line)
            e = self.seen:index(e, key.kind == "string" and key.value or nil, at, column)
        else
            local method = kind == ":"
            if method then
                self:advance()
                local name, at, column = self:name()
                e = self.seen:index(e, name, at, column)
            end
            e = self.seen:call(e, self:arguments(), method)
        end
    end
end

-- A name stays "bare", neither read nor written, when nothing follows it.
function Parser:primary()
    if self.kind == "(" then
        local line = self.line
        self:advance()
        self:expression()
        self:expect(")", "(", line)
        return self:suffixes({ kind = "paren" })
    end
    if self.kind ~= "name" then
        self:fail("unexpected symbol near " .. self:shown())
    end
    local name, line, column = self:name()
    return self:suffixes({ kind = "path", bare = true, name = name, line = line, column = column,
        n = 0 })
end

function Parser:simple(may_be_bare)
    local kind = self.kind
    if kind == "string" or kind == "number" then
        local e = { kind = kind, value = self.value, line = self.line, column = self.column }
        self:advance()
        return e
    elseif CONSTANTS[kind] then
        self:advance()
        return { kind = kind }
    elseif kind == "{" then
        return self:constructor()
    elseif kind == "function" then
        local line, column = self.line, self.column
        self:advance()
        return self:body(false, line, column)
    end
    local e = self:primary()
    if e.bare and not (may_be_bare and not BINARY[self.kind]) then
        return self.seen:read(e)
    end
    return self.seen:used(e)
end

-- Binary operators behind an operand.
function Parser:continue(left, limit)
    local priority = BINARY[self.kind]
    while priority and priority[1] > limit do
        self:advance()
        self:operand(priority[2])
        left = { kind = "operation" }
        priority = BINARY[self.kind]
    end
    return left
end

function Parser:operand(limit, may_be_bare)
    self:enter()
    local e
    if UNARY[self.kind] then
        self:advance()
        self:operand(UNARY_PRIORITY)
        e = { kind = "operation" }
    else
        e = self:simple(may_be_bare)
    end
    e = self:continue(e, limit)
    self:leave()
    return e
end

-- may_be_bare: a lone name is answered with .bare set, not read yet.
function Parser:expression(may_be_bare)
    return self:operand(0, may_be_bare)
end

function Parser:body(method, line, column)
    local fn = self.seen:open_function(line, column)
    self:expect("(")
    if method then
        self.seen:declare("self", line, column, "implicit")
    end
    if self.kind ~= ")" then
        repeat
            if self:accept("...") then
                break
            end
            local name, at, name_column = self:name()
            self.seen:declare(name, at, name_column, "argument")
        until not self:accept(",")
    end
    self:expect(")")
    self:block()
    self:expect("end", "function", line)
    self.seen:close_function()
    return { kind = "function", fn = fn, line = line, column = column }
end

function M.new(source, seen)
    return setmetatable({ lex = lexer.new(source), seen = seen, level = 0 }, Parser)
end

-- Statements add themselves to it.
M.Parser = Parser
M.ENDS = ENDS

return M
