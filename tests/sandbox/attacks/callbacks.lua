-- SPDX-License-Identifier: Apache-2.0
--
-- Loops in functions that C calls: there a yield is not possible, so the kill comes as an error,
-- again and again until it gets through.
local M = {
    api = 1,
    expect = {
        default = "cpu", tostring_of_tostring = "ok", unyieldable = "error", lying_order = "ok",
        len = "ok",
    },
}

local function loop()
    while true do end
end

local function looping(event)
    return setmetatable({}, { [event] = loop })
end

function M.sort()
    table.sort({ 3, 1, 2 }, loop)
end

function M.sort_by_lt()
    table.sort({ looping("__lt"), looping("__lt") })
end

function M.gsub_function()
    string.gsub("abc", "%w", loop)
end

function M.gsub_table()
    string.gsub("abc", "%w", looping("__index"))
end

function M.tostring()
    tostring(looping("__tostring"))
end

function M.format()
    string.format("%s", looping("__tostring"))
end

function M.print()
    print(looping("__tostring"))
end

function M.log()
    thing.log.info(looping("__tostring"))
end

function M.concat()
    return looping("__concat") .. "x"
end

function M.index()
    return looping("__index").x
end

function M.newindex()
    looping("__newindex").x = 1
end

function M.call()
    looping("__call")()
end

function M.length()
    return #looping("__len")
end

function M.equal()
    return looping("__eq") == looping("__eq")
end

function M.less()
    return looping("__lt") < looping("__lt")
end

function M.unary()
    return -looping("__unm")
end

function M.close()
    local _ <close> = looping("__close")
end

-- The handler of a variable that is closed by the kill's own error must not win it more time.
function M.close_on_error()
    local function f()
        local _ <close> = setmetatable({}, { __close = loop })
        error("x")
    end
    while true do pcall(f) end
end

function M.close_in_sort()
    table.sort({ 1, 2, 3 }, function()
        local _ <close> = setmetatable({}, { __close = function()
            while true do pcall(loop) end
        end })
        loop()
    end)
end

function M.pairs()
    for _ in pairs(looping("__pairs")) do end
end

function M.tostring_of_tostring()
    local t = setmetatable({}, {})
    getmetatable(t).__tostring = function() return tostring(t) end
    local ok, e = pcall(tostring, t)
    assert(not ok and tostring(e):find("overflow"), e)
end

function M.unyieldable()
    coroutine.wrap(function()
        table.sort({ 3, 1, 2 }, function() coroutine.yield() end)
    end)()
end

-- An order function without order: the sort must end, inside the table.
function M.lying_order()
    local t = {}
    for i = 1, 2000 do t[i] = i end
    table.sort(t, function() return true end)
    table.sort(t, function() return math.random() < 0.5 end)
    assert(#t == 2000 and t[0] == nil and t[2001] == nil)
end

function M.len()
    local t = setmetatable({ 2, 1 }, { __len = function() return 1e15 end })
    table.sort(t)
    table.insert(t, 3)
    assert(t[1] == 1 and rawlen(t) == 3 and table.concat(t, ",") == "1,2,3")
    assert(table.remove(t) == 3 and select("#", table.unpack(t)) == 2)
end

return M
