-- SPDX-License-Identifier: Apache-2.0
--
-- Rows in aligned columns, printed as they come: the first rows decide the widths, later ones keep
-- to them or stand out. On a terminal a row is cut to its width; elsewhere nothing is.
local M = {}
M.__index = M

-- Rows that are looked at before the first is printed.
local LOOK = 1000

-- o: { heads = {...}, put = function(line), width = function(text) -> cells,
--      columns = cells of the terminal or nil, bold = function(text) -> text }
function M.new(o)
    return setmetatable({ heads = o.heads, put = o.put, width = o.width, columns = o.columns,
        bold = o.bold, rows = {} }, M)
end

-- The first cells of a text that fit, ended by an ellipsis.
local function cut(text, cells, width)
    local kept, used = {}, 0
    for _, code in utf8.codes(text) do
        local c = utf8.char(code)
        used = used + width(c)
        if used > cells - 1 then
            break
        end
        kept[#kept + 1] = c
    end
    return table.concat(kept) .. "…"
end

local function measure(self)
    local widths = {}
    for i, head in ipairs(self.heads) do
        widths[i] = self.width(head)
        for _, row in ipairs(self.rows) do
            widths[i] = math.max(widths[i], self.width(row[i]))
        end
    end
    if not self.columns then
        return widths
    end
    local room = self.columns - 2 * (#widths - 1)
    local total = 0
    for _, w in ipairs(widths) do
        total = total + w
    end
    while total > room do -- the widest gives way, down to what can still be read
        local widest = 1
        for i, w in ipairs(widths) do
            widest = w > widths[widest] and i or widest
        end
        if widths[widest] <= 8 then
            break
        end
        widths[widest], total = widths[widest] - 1, total - 1
    end
    return widths
end

local function line(self, row)
    local parts = {}
    for i, text in ipairs(row) do
        local cells = self.width(text)
        if self.columns and cells > self.widths[i] then
            text = cut(text, self.widths[i], self.width)
            cells = self.width(text)
        end
        parts[i] = text .. (i < #row and (" "):rep(self.widths[i] - cells) or "")
    end
    return (table.concat(parts, "  "):gsub(" +$", ""))
end

local function begin(self)
    self.widths = measure(self)
    self.put(self.bold(line(self, self.heads)))
    for _, row in ipairs(self.rows) do
        self.put(line(self, row))
    end
    self.rows = nil
end

-- row: one text for each head, without control characters.
function M:add(row)
    if self.widths then
        self.put(line(self, row))
        return
    end
    self.rows[#self.rows + 1] = row
    if #self.rows == LOOK then
        begin(self)
    end
end

-- After the last row, or where it may take a while until the next one.
function M:flush()
    if not self.widths then
        begin(self)
    end
end

return M
