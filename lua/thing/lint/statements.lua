-- SPDX-License-Identifier: Apache-2.0
--
-- The statements of Lua 5.4, on top of thing.lint.parser.
local parser = require "thing.lint.parser"

local M = {}

local Parser, ENDS = parser.Parser, parser.ENDS
local statements = {}

function Parser:block()
    while not ENDS[self.kind] do
        if self.kind == "return" then
            return self:give()
        end
        self:statement()
    end
end

function Parser:scoped_block()
    self.seen:open_block()
    self:block()
    self.seen:close_block()
end

function Parser:give()
    local line, column = self.line, self.column
    self:advance()
    local values = {}
    if not ENDS[self.kind] and self.kind ~= ";" then
        values = self:list()
    end
    self:accept(";")
    if not ENDS[self.kind] then
        self:fail("'end' expected: `return` is the last statement of its block")
    end
    self.seen:give(values, line, column)
end

statements["if"] = function(self, line)
    repeat
        self:advance()
        self:expression()
        self:expect("then")
        self:scoped_block()
    until self.kind ~= "elseif"
    if self:accept("else") then
        self:scoped_block()
    end
    self:expect("end", "if", line)
end

statements["while"] = function(self, line)
    self:advance()
    self:expression()
    self:expect("do")
    self:scoped_block()
    self:expect("end", "while", line)
end

statements["do"] = function(self, line)
    self:advance()
    self:scoped_block()
    self:expect("end", "do", line)
end

statements["repeat"] = function(self, line)
    self:advance()
    self.seen:open_block()
    self:block()
    self:expect("until", "repeat", line)
    self:expression()
    self.seen:close_block()
end

statements["for"] = function(self, line)
    self:advance()
    local names = { { self:name() } }
    if self:accept("=") then
        self:expression()
        self:expect(",")
        self:expression()
        if self:accept(",") then
            self:expression()
        end
    else
        while self:accept(",") do
            names[#names + 1] = { self:name() }
        end
        self:expect("in")
        self:list()
    end
    self:expect("do")
    self.seen:open_block()
    for _, name in ipairs(names) do
        self.seen:declare(name[1], name[2], name[3], "loop")
    end
    self:block()
    self.seen:close_block()
    self:expect("end", "for", line)
end

statements["function"] = function(self, line)
    local column = self.column
    self:advance()
    local name, at, name_column = self:name()
    local e = { kind = "path", name = name, line = at, column = name_column, n = 0 }
    local method = false
    if self.kind == "." or self.kind == ":" then
        e = self.seen:read(e)
    end
    while self.kind == "." or self.kind == ":" do
        method = self.kind == ":"
        self:advance()
        local key, key_line, key_column = self:name()
        e = self.seen:index(e, key, key_line, key_column)
        if method then
            break
        end
    end
    local body = self:body(method, line, column)
    body.method = method
    self.seen:assign(e, body)
end

local function local_function(self, line, column)
    self:advance()
    local name, at, name_column = self:name()
    local var = self.seen:declare(name, at, name_column, "function")
    self.seen:give_value(var, self:body(false, line, column))
end

statements["local"] = function(self)
    local line, column = self.line, self.column
    self:advance()
    if self.kind == "function" then
        return local_function(self, line, column)
    end
    local names = {}
    repeat
        local name = { self:name() }
        if self:accept("<") then
            local attribute = self:name()
            if attribute ~= "const" and attribute ~= "close" then
                self:fail("unknown attribute '" .. attribute .. "'")
            end
            self:expect(">")
            name.closes = attribute == "close"
        end
        names[#names + 1] = name
    until not self:accept(",")
    local values = self:accept("=") and self:list() or {}
    for i, name in ipairs(names) do
        local var = self.seen:declare(name[1], name[2], name[3], "local")
        var.read = name.closes -- its end is its use
        if values[i] then
            self.seen:give_value(var, values[i])
        end
    end
end

statements["::"] = function(self)
    self:advance()
    self:name()
    self:expect("::")
end

statements["goto"] = function(self)
    self:advance()
    self:name()
end

statements["break"] = Parser.advance
statements[";"] = Parser.advance

local function no_statement(self)
    self:fail("syntax error near " .. self:shown())
end

local function target(self)
    local e = self:primary()
    if e.kind ~= "path" and e.kind ~= "field" then
        no_statement(self)
    end
    return e
end

-- A call, or an assignment.
local function expression_statement(self)
    local first = self:primary()
    if self.kind ~= "=" and self.kind ~= "," then
        return first.kind == "call" or no_statement(self)
    elseif first.kind ~= "path" and first.kind ~= "field" then
        no_statement(self)
    end
    local targets = { first }
    while self:accept(",") do
        targets[#targets + 1] = target(self)
    end
    self:expect("=")
    local values = self:list()
    for i, t in ipairs(targets) do
        self.seen:assign(t, values[i] or { kind = "unknown" })
    end
end

function Parser:statement()
    self:enter()
    local run = statements[self.kind] or expression_statement
    run(self, self.line)
    self:leave()
end

-- Reads a whole chunk. Raises { line, column, message } where it is not Lua. Answers the lines on
-- which nothing is to be complained of.
function M.read(source, seen)
    local p = parser.new(source, seen)
    seen:open_function(1, 1)
    p:advance()
    p:block()
    if p.kind ~= "eof" then
        p:fail("<eof> expected near " .. p:shown())
    end
    seen:close_function()
    return p.lex.ignored
end

return M
