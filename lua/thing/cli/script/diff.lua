-- SPDX-License-Identifier: Apache-2.0
--
-- What differs between two texts, line by line, and between two sets of files.
local M = {}

local MAX_CELLS = 4000000 -- of the table of common lines; beyond it all counts as changed
local CONTEXT = 2

local function lines_of(text)
    local lines = {}
    for line in (text:sub(-1) == "\n" and text or text .. "\n"):gmatch("(.-)\n") do
        lines[#lines + 1] = line
    end
    return text == "" and {} or lines
end

-- The length of the longest common part of a[i..] and b[j..], by row i and column j.
local function common(a, b, from, a_end, b_end)
    local rows = {}
    local below = {}
    for i = a_end, from, -1 do
        local row = {}
        for j = b_end, from, -1 do
            if a[i] == b[j] then
                row[j] = (below[j + 1] or 0) + 1
            else
                row[j] = math.max(below[j] or 0, row[j + 1] or 0)
            end
        end
        rows[i], below = row, row
    end
    return rows
end

-- A list of { sign = " ", "-" or "+", line }.
function M.lines(before, after)
    local a, b = lines_of(before), lines_of(after)
    local from, a_end, b_end = 1, #a, #b
    while from <= a_end and from <= b_end and a[from] == b[from] do
        from = from + 1
    end
    while a_end >= from and b_end >= from and a[a_end] == b[b_end] do
        a_end, b_end = a_end - 1, b_end - 1
    end
    local out = {}
    local function put(sign, line) out[#out + 1] = { sign = sign, line = line } end
    for i = 1, from - 1 do put(" ", a[i]) end
    local small = (a_end - from + 1) * (b_end - from + 1) <= MAX_CELLS
    local rows = small and common(a, b, from, a_end, b_end)
    local i, j = from, from
    while i <= a_end or j <= b_end do
        local keep_b = rows and rows[i] and (rows[i][j + 1] or 0) or 0
        local keep_a = rows and rows[i + 1] and (rows[i + 1][j] or 0) or 0
        if rows and i <= a_end and j <= b_end and a[i] == b[j] then
            put(" ", a[i])
            i, j = i + 1, j + 1
        elseif i <= a_end and (j > b_end or keep_a >= keep_b) then
            put("-", a[i])
            i = i + 1
        else
            put("+", b[j])
            j = j + 1
        end
    end
    for k = a_end + 1, #a do put(" ", a[k]) end
    return out
end

-- The changed lines of M.lines() with some around them; "..." stands for what is left out.
function M.hunks(changes)
    local near, out = {}, {}
    for i, c in ipairs(changes) do
        if c.sign ~= " " then
            for k = i - CONTEXT, i + CONTEXT do near[k] = true end
        end
    end
    for i, c in ipairs(changes) do
        if near[i] then
            out[#out + 1] = c.sign .. " " .. c.line
        elseif near[i - 1] and i < #changes then
            out[#out + 1] = "  ..."
        end
    end
    if out[#out] == "  ..." then
        out[#out] = nil
    end
    return out
end

-- before, after: { file = text }. Lines for people; empty when nothing differs.
function M.files(before, after)
    local names, out = {}, {}
    for _, files in ipairs { before, after } do
        for name in pairs(files) do
            names[name] = true
        end
    end
    local sorted = {}
    for name in pairs(names) do
        sorted[#sorted + 1] = name
    end
    table.sort(sorted)
    for _, name in ipairs(sorted) do
        local a, b = before[name], after[name]
        if a ~= b then
            local what = not a and " (new)" or not b and " (gone)" or ""
            out[#out + 1] = name .. what
            local hunks = a and b and M.hunks(M.lines(a, b)) or {}
            table.move(hunks, 1, #hunks, #out + 1, out)
        end
    end
    return out
end

return M
