-- SPDX-License-Identifier: Apache-2.0
--
-- Long work split over many calls: each call is judged by itself, and what one leaves behind cannot
-- make the next one longer than its budget.
local M = {
    api = 1,
    expect = { default = "cpu", nearly = "ok" },
    calls = { again = 5, nearly = 5, coroutine_again = 5, iterator_again = 3, growing = 5 },
}

function M.again()
    while true do end
end

function M.nearly()
    local until_then = os.clock() + 0.02
    while os.clock() < until_then do end
end

-- A fresh one each time: a killed one cannot be resumed.
local co

function M.coroutine_again()
    co = coroutine.wrap(function() while true do pcall(function() while true do end end) end end)
    co()
end

local iterator = string.gmatch(("a"):rep(300), ".-.-.-.-b")

function M.iterator_again()
    while true do iterator() end
end

local kept = {}

function M.growing()
    for i = 1, 20000 do kept[#kept + 1] = i end
    while true do table.sort(kept, function(a, b) return a > b end) end
end

return M
