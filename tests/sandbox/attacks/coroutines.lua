-- SPDX-License-Identifier: Apache-2.0
--
-- Coroutines as hiding places: the kill must follow the one that runs, and what was killed must
-- stay dead.
-- luacheck: ignore 241
local M = {
    api = 1,
    expect = {
        default = "cpu", resume_own_task = "ok", resume_pooled_task = "ok", no_close = "ok",
        yield_outside = "error", many_coroutines = "memory", deep_resume = "ok",
        go_on_after_kill = "cpu|ok", nested_creation = "cpu|memory",
    },
    calls = { resume_pooled_task = 3, go_on_after_kill = 3 },
}

local function loop()
    while true do end
end

function M.loop_inside()
    coroutine.wrap(loop)()
end

function M.loop_three_deep()
    coroutine.wrap(function()
        coroutine.wrap(function()
            coroutine.wrap(function()
                while true do pcall(loop) end
            end)()
        end)()
    end)()
end

function M.outer_goes_on()
    while true do
        coroutine.resume(coroutine.create(loop))
    end
end

function M.outer_goes_on_in_sort()
    table.sort({ 1, 2, 3 }, function()
        while true do
            pcall(coroutine.resume, coroutine.create(loop))
        end
    end)
end

function M.ping_pong()
    local a = coroutine.wrap(function()
        while true do coroutine.yield() end
    end)
    while true do a() end
end

function M.short_lives()
    while true do
        coroutine.wrap(function() coroutine.yield() end)()
    end
end

function M.yield_in_pcall()
    local co = coroutine.wrap(function()
        while true do
            pcall(function()
                coroutine.yield()
                error("x")
            end)
        end
    end)
    while true do co() end
end

function M.many_coroutines()
    local all = {}
    for i = 1, 1e9 do all[i] = coroutine.create(loop) end
end

function M.nested_creation()
    local function f()
        coroutine.wrap(f)()
    end
    while true do pcall(f) end
end

function M.deep_resume()
    local depth = 0
    local function f()
        depth = depth + 1
        return select(2, coroutine.resume(coroutine.create(f)))
    end
    local e = f()
    assert(type(e) == "string" and e:find("C stack overflow") and depth < 250, e)
end

function M.resume_own_task()
    local me, main = coroutine.running()
    assert(main)
    assert(not coroutine.resume(me))
    assert(not coroutine.resume(coroutine.create(function()
        assert(coroutine.resume(me))
    end)))
end

local former

-- The coroutine of an ended call is used for the next one: the script must not get hold of it.
function M.resume_pooled_task()
    if former and former ~= coroutine.running() then
        assert(not coroutine.resume(former, 1, 2))
    end
    former = coroutine.running()
end

local victim
local runs = 0

-- Killed in the first call; the second must not be able to go on with it.
function M.go_on_after_kill()
    runs = runs + 1
    if victim then
        local ok, e = coroutine.resume(victim)
        assert(not ok and e:find("cannot resume"), e)
        return
    end
    victim = coroutine.create(loop)
    coroutine.resume(victim)
end

function M.yield_outside()
    coroutine.yield()
end

function M.no_close()
    assert(coroutine.close == nil)
end

return M
