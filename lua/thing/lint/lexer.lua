-- SPDX-License-Identifier: Apache-2.0
--
-- Lua 5.4 text as tokens, one at a time, with the line and column (in bytes, both from 1) of each.
-- A mistake is raised as a table { line, column, message }.

local M = {}

local find, sub, byte = string.find, string.sub, string.byte

local KEYWORDS = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat
    return then true until while]]):gmatch("%a+") do
    KEYWORDS[word] = true
end

local OPERATORS = { -- longest first
    { ["..."] = true },
    { [".."] = true, ["=="] = true, ["~="] = true, ["<="] = true, [">="] = true, ["//"] = true,
        ["::"] = true, ["<<"] = true, [">>"] = true },
    {},
}
for c in ("+-*/%^#&~|<>=(){}[];:,."):gmatch(".") do
    OPERATORS[3][c] = true
end

local ESCAPES = {}
for c in ("abfnrtv\\\"'\n"):gmatch(".") do
    ESCAPES[c] = true
end

local Lexer = {}
Lexer.__index = Lexer

function M.new(source)
    -- A line ends with \n, \r or both; columns stay what they were.
    local text = source:gsub("\r\n", "\n"):gsub("\r", "\n")
    return setmetatable({ text = text, at = 1, line_now = 1, line_start = 1, ignored = {} }, Lexer)
end

function Lexer:fail(message, at)
    error({ line = self.line_now, column = (at or self.at) - self.line_start + 1,
        message = message }, 0)
end

-- At the token that is being read, which may have begun lines ago.
function Lexer:fail_token(message)
    error({ line = self.line, column = self.column, message = message }, 0)
end

-- Counts the line ends between two places.
function Lexer:count_lines(from, to)
    local at = find(self.text, "\n", from, true)
    while at and at <= to do
        self.line_now = self.line_now + 1
        self.line_start = at + 1
        at = find(self.text, "\n", at + 1, true)
    end
end

-- Behind [=[ ... ]=], or nil when none begins here. What it holds is the second result.
function Lexer:long_bracket(what)
    local from = self.at
    local _, opened, level = find(self.text, "^%[(=*)%[", from)
    if not opened then
        return nil
    end
    local close, closed = find(self.text, "]" .. level .. "]", opened + 1, true)
    if not close then
        self:fail_token("unfinished long " .. what)
    end
    self:count_lines(from, closed)
    return closed + 1, sub(self.text, opened + 1, close - 1)
end

function Lexer:comment()
    self.line, self.column = self.line_now, self.at - self.line_start + 1
    self.at = self.at + 2
    local behind = self:long_bracket("comment")
    if not behind then
        behind = find(self.text, "\n", self.at, true) or #self.text + 1
        if find(self.text, "^%s*lint: ignore", self.at) then
            self.ignored[self.line_now] = true
        end
    end
    self.at = behind
end

function Lexer:skip_blanks()
    while true do
        local _, last = find(self.text, "^[ \t\v\f]+", self.at)
        self.at = (last or self.at - 1) + 1
        local c = byte(self.text, self.at)
        if c == 10 then
            self.at = self.at + 1
            self.line_now = self.line_now + 1
            self.line_start = self.at
        elseif c == 45 and byte(self.text, self.at + 1) == 45 then
            self:comment()
        else
            return c
        end
    end
end

-- Behind the escape sequence whose backslash is at `at`.
function Lexer:escape(at)
    local text = self.text
    local c = sub(text, at + 1, at + 1)
    if ESCAPES[c] then
        if c == "\n" then
            self:count_lines(at, at + 1)
        end
        return at + 2
    elseif c == "z" then
        local behind = find(text, "[^%s]", at + 2) or #text + 1
        self:count_lines(at, behind - 1)
        return behind
    end
    local form = c == "x" and "^x%x%x()" or c == "u" and "^u{%x+}()" or "^%d%d?%d?()"
    local behind = text:match(form, at + 1)
    if not behind or form == "^%d%d?%d?()" and tonumber(sub(text, at + 1, behind - 1)) > 255 then
        self:fail("invalid escape sequence", at)
    end
    return behind
end

function Lexer:quoted(quote)
    local text, from, plain = self.text, self.at, true
    local at = from + 1
    local stop = quote == '"' and '["\\\n]' or "['\\\n]"
    while true do
        local hit = find(text, stop, at)
        local c = hit and sub(text, hit, hit)
        if c == quote then
            self.at = hit + 1
            return "string", plain and sub(text, from + 1, hit - 1) or nil
        elseif c ~= "\\" then
            self:fail_token("unfinished string")
        end
        plain = false
        at = self:escape(hit)
    end
end

function Lexer:number()
    local text, from = self.text, self.at
    local exponent = find(text, "^0[xX]", from) and "[pP]$" or "[eE]$"
    local _, last = find(text, "^[%w.]+", from)
    while find(sub(text, from, last), exponent) and find(text, "^[+-]", last + 1) do
        local _, more = find(text, "^[%w.]*", last + 2)
        last = more
    end
    local word = sub(text, from, last)
    if not tonumber(word) then
        self:fail("malformed number near '" .. sub(word, 1, 40) .. "'")
    end
    self.at = last + 1
    return "number", tonumber(word)
end

function Lexer:operator(c)
    for n = 3, 1, -1 do
        local word = sub(self.text, self.at, self.at + n - 1)
        if OPERATORS[4 - n][word] then
            self.at = self.at + n
            return word
        end
    end
    return self:fail("unexpected symbol near '" .. (c >= 32 and c < 127 and sub(self.text, self.at,
        self.at) or ("<\\%d>"):format(c)) .. "'")
end

function Lexer:word()
    local _, last = find(self.text, "^[%w_]+", self.at)
    local word = sub(self.text, self.at, last)
    self.at = last + 1
    if KEYWORDS[word] then
        return word
    end
    return "name", word
end

-- Reads the next token: its kind ("name", "string", "number", "eof", or the word itself) and value
-- (of a string with escapes: nil), and sets .line and .column to where it begins.
function Lexer:next()
    local c = self:skip_blanks()
    self.line, self.column = self.line_now, self.at - self.line_start + 1
    if not c then
        return "eof"
    elseif find(self.text, "^[%a_]", self.at) then
        return self:word()
    elseif find(self.text, "^%.?%d", self.at) then
        return self:number()
    elseif c == 34 or c == 39 then
        return self:quoted(sub(self.text, self.at, self.at))
    end
    local behind, value = nil, nil
    if c == 91 then
        behind, value = self:long_bracket("string")
    end
    if behind then
        self.at = behind
        return "string", value
    end
    return self:operator(c)
end

return M
