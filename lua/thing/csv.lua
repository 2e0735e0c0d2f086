-- SPDX-License-Identifier: Apache-2.0
--
-- CSV as RFC 4180 says, strictly, record by record from pieces of text: fields in quotes may hold
-- delimiters, line ends and doubled quotes; lines end with CRLF or LF; a byte order mark is passed
-- over, and so are empty lines.
--
--   local r = csv.reader { delimiter = ",", offset = 0, line = 1 }   -- all may be left out
--   r:feed(text) ...; r:finish()
--   local fields, line, offset = r:next()
--
-- next() returns the fields of the next record (a list of texts with their number as n), the line
-- and the byte where it begins; nil when more text is needed or, after finish(), at the end. What
-- is not CSV raises { line =, message = }: what comes after it cannot be told apart any more.
local M = {}
M.__index = M

-- A longer record is a forgotten quote.
M.RECORD_MAX = 1 << 20

-- offset, line: where the text that will be fed begins, to go on in the middle of a file.
function M.reader(options)
    options = options or {}
    return setmetatable({
        text = "", at = 1, base = options.offset or 0, line = options.line or 1, finished = false,
        plain = "[" .. (options.delimiter or ",") .. '"\r\n]', delimiter = options.delimiter or ",",
        first = (options.offset or 0) == 0,
    }, M)
end

function M:feed(text)
    self.base = self.base + self.at - 1
    self.text, self.at = self.text:sub(self.at) .. text, 1
end

function M:finish()
    self.finished = true
end

local function fail(self, from, to, message)
    local _, ends = self.text:sub(from, to):gsub("\n", "")
    error({ line = self.line + ends, message = message }, 0)
end

-- The closing quote of the field that opens at `at`, or nil.
local function closing(text, at)
    local from = at + 1
    while true do
        local quote = text:find('"', from, true)
        if not quote or text:byte(quote + 1) ~= 34 then
            return quote
        end
        from = quote + 2
    end
end

-- Each returns the field and the place behind it, or nil when its end is not there yet.
local function quoted(self, start, at)
    local quote = closing(self.text, at)
    if not quote and self.finished then
        fail(self, start, at, "A quote is opened and never closed.")
    elseif not quote or quote == #self.text and not self.finished then
        return nil
    end
    return self.text:sub(at + 1, quote - 1):gsub('""', '"'), quote + 1
end

local function unquoted(self, start, at)
    local stop = self.text:find(self.plain, at)
    if not stop then
        return self.finished and self.text:sub(at) or nil, #self.text + 1
    elseif self.text:byte(stop) == 34 then
        fail(self, start, stop, "A quote stands inside of a field that does not begin with one.")
    end
    return self.text:sub(at, stop - 1), stop
end

-- Behind a field: "more" fields, the "end" of the record with the place behind it, or nil.
local function after(self, start, at)
    local c = self.text:sub(at, at)
    if c == self.delimiter then
        return "more", at + 1
    elseif c == "\n" then
        return "end", at + 1
    elseif c == "" then
        return self.finished and "end" or nil, at
    elseif c ~= "\r" then
        fail(self, start, at, "Text follows a closing quote.")
    elseif self.text:byte(at + 1) == 10 then
        return "end", at + 2
    elseif at < #self.text or self.finished then
        fail(self, start, at, "A carriage return stands alone: lines end with CRLF or LF.")
    end
    return nil
end

local function record(self)
    local start, at, fields = self.at, self.at, { n = 0 }
    while true do
        local read = self.text:byte(at) == 34 and quoted or unquoted
        local field, behind = read(self, start, at)
        if not field then
            return nil
        end
        local what, next_at = after(self, start, behind)
        if not what then
            return nil
        end
        fields.n = fields.n + 1
        fields[fields.n] = field
        at = next_at
        if what == "end" then
            return fields, at
        end
    end
end

local function skip_mark(self)
    local mark = self.text:sub(1, 3)
    if #mark < 3 and not self.finished then
        return false
    elseif mark:find("^\xff\xfe") or mark:find("^\xfe\xff") then
        fail(self, 1, 0, "The file is UTF-16: save it as UTF-8.")
    elseif mark == "\xef\xbb\xbf" then
        self.at = 4
    end
    self.first = false
    return true
end

function M:next()
    if self.first and not skip_mark(self) then
        return nil
    end
    while self.at <= #self.text do
        local fields, behind = record(self)
        if not fields then
            if #self.text - self.at >= M.RECORD_MAX then
                fail(self, 1, 0, "A record is longer than 1 MiB: is a quote missing?")
            end
            return nil
        end
        local line, offset = self.line, self.base + self.at - 1
        local _, ends = self.text:sub(self.at, behind - 1):gsub("\n", "")
        self.line, self.at = line + ends, behind
        if fields.n > 1 or fields[1] ~= "" then
            return fields, line, offset
        end
    end
    return nil
end

return M
