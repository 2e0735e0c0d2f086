-- SPDX-License-Identifier: Apache-2.0
--
-- Paths to whatever was registered under them. A path is literal segments and {name} segments,
-- which take one segment of any text; literals win over names. Built once, then only read.
local M = {}
M.__index = M

local function unescape(s)
    return (s:gsub("%%(%x%x)", function(h) return string.char(tonumber(h, 16)) end))
end

function M.new()
    return setmetatable({ root = { literal = {} } }, M)
end

-- Two routes with the same method and path, or two names for the same place, are a programmer's
-- mistake.
function M:add(method, path, value)
    local node = self.root
    for segment in path:gmatch("[^/]+") do
        local name = segment:match("^{([a-z_]+)}$")
        if name then
            node.any = node.any or { literal = {}, name = name }
            assert(node.any.name == name, "two names for one segment: " .. path)
            node = node.any
        else
            node.literal[segment] = node.literal[segment] or { literal = {} }
            node = node.literal[segment]
        end
    end
    node.methods = node.methods or {}
    assert(not node.methods[method], "two routes for " .. method .. " " .. path)
    node.methods[method] = value
end

local function walk(node, segments, i, params)
    if i > #segments then
        return node.methods and node
    end
    local literal = node.literal[segments[i]]
    local found = literal and walk(literal, segments, i + 1, params)
    if found or not node.any then
        return found
    end
    params[node.any.name] = segments[i]
    return walk(node.any, segments, i + 1, params)
end

-- Returns value, params; or nil, sorted list of methods the path has (nil when there is no such
-- path).
function M:match(method, path)
    local segments = {}
    if path:sub(1, 1) ~= "/" then
        return nil
    end
    for segment in path:sub(2):gmatch("([^/]*)") do
        segments[#segments + 1] = unescape(segment)
    end
    local params = {}
    local node = walk(self.root, segments, 1, params)
    if not node then
        return nil
    end
    if node.methods[method] then
        return node.methods[method], params
    end
    local allowed = {}
    for m in pairs(node.methods) do
        allowed[#allowed + 1] = m
    end
    table.sort(allowed)
    return nil, allowed
end

return M
