-- SPDX-License-Identifier: Apache-2.0
--
-- Objects out of a JSON array or of JSON Lines, one by one from pieces of text, each as the text it
-- stands in the file as. Only where an object begins and ends is looked at here; whether it is JSON
-- is for whoever decodes it. The interface is that of thing.csv.
local M = {}
M.__index = M

M.RECORD_MAX = 1 << 20

-- array: whether the text lies inside of an array, to go on in the middle of a file.
function M.reader(options)
    options = options or {}
    return setmetatable({ text = "", at = 1, base = options.offset or 0, line = options.line or 1,
        array = options.array, first = (options.offset or 0) == 0 }, M)
end

function M:feed(text)
    self.base = self.base + self.at - 1
    self.text, self.at = self.text:sub(self.at) .. text, 1
end

function M:finish()
    self.finished = true
end

local function fail(self, message)
    error({ line = self.line, message = message }, 0)
end

-- Passes over blanks, and over the commas between the items of an array.
local function skip(self)
    local stop = self.text:find(self.array and "[^%s,]" or "%S", self.at) or #self.text + 1
    local _, ends = self.text:sub(self.at, stop - 1):gsub("\n", "")
    self.line, self.at = self.line + ends, stop
    return self.text:sub(stop, stop)
end

-- The place of the quote that ends the text that begins at `at`, or nil.
local function end_of_text(text, at)
    local from = at + 1
    while true do
        local stop = text:find('["\\]', from)
        if not stop or text:byte(stop) == 34 then
            return stop
        end
        from = stop + 2
    end
end

local function end_of_object(text, at)
    local depth, from = 0, at
    while true do
        local stop = text:find('["{}]', from)
        local c = stop and text:byte(stop)
        if c == 34 then
            stop = end_of_text(text, stop)
        end
        if not stop then
            return nil
        elseif c == 123 then
            depth = depth + 1
        elseif c == 125 then
            depth = depth - 1
            if depth == 0 then
                return stop
            end
        end
        from = stop + 1
    end
end

local function begin(self)
    if #self.text < 3 and not self.finished then
        return false
    elseif self.text:sub(1, 3) == "\xef\xbb\xbf" then
        self.at = 4
    end
    local c = skip(self)
    if c == "" then
        return false
    end
    self.array = c == "["
    self.at = self.array and self.at + 1 or self.at
    self.first = false
    return true
end

local function at_end(self, c)
    if c == "" and self.finished and self.array and not self.closed then
        fail(self, "The array is not closed.")
    elseif c == "]" and self.array and not self.closed then
        self.closed = true
        self.at = self.at + 1
        c = skip(self)
    end
    if c == "" then
        return true
    elseif self.closed then
        fail(self, "Something follows the end of the array.")
    end
    return false
end

-- Text of an object, its line, its offset; see thing.csv.
function M:next()
    if self.first and not begin(self) then
        return nil
    end
    local c = skip(self)
    if at_end(self, c) then
        return nil
    elseif c ~= "{" then
        fail(self, "Each row is an object: { ... }")
    end
    local stop = end_of_object(self.text, self.at)
    if not stop and self.finished then
        fail(self, "An object is not closed.")
    elseif not stop then
        if #self.text - self.at >= M.RECORD_MAX then
            fail(self, "An object is longer than 1 MiB: is a brace or a quote missing?")
        end
        return nil
    end
    local text, line, offset = self.text:sub(self.at, stop), self.line, self.base + self.at - 1
    local _, ends = text:gsub("\n", "")
    self.line, self.at = line + ends, stop + 1
    return text, line, offset
end

return M
