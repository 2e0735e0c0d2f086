-- SPDX-License-Identifier: Apache-2.0
--
-- thing.device and thing.http where a call may not wait: the device at hand is told within the budget,
-- everything else is refused.
local M = { api = 1, expect = { default = "error" } }

function M.http() thing.http.request { url = "http://localhost/" } end

function M.other_device() thing.device.get("other") end

function M.other_latest() thing.device.latest("t", "other") end

function M.no_key() thing.device.get("../x") end

function M.long_name() thing.device.latest(("x"):rep(2000)) end

M.expect.http_in_coroutine = "error: not available in phase"

function M.http_in_coroutine()
    coroutine.wrap(function() thing.http.request { url = "http://localhost/" } end)()
end

M.expect.flood = "cpu"

function M.flood()
    while true do
        pcall(thing.http.request, { url = "http://localhost/" })
        thing.device.get()
        thing.device.latest("t")
    end
end

M.expect.keep_all = "memory|cpu"

function M.keep_all()
    local all = {}
    while true do all[#all + 1] = thing.device.get() end
end

return M
