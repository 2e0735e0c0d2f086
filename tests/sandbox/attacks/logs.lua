-- SPDX-License-Identifier: Apache-2.0
--
-- Floods of log lines: within a call the host gets a bounded number of lines and bytes.
local M = { api = 1, expect = { default = "cpu", long_lines = "ok", one_long_line = "ok|error" } }

function M.print_flood()
    while true do print("flood") end
end

function M.log_flood()
    while true do thing.log.error("flood", { a = 1 }) end
end

function M.long_lines()
    for _ = 1, 300 do thing.log.info(("x"):rep(10000)) end
end

function M.one_long_line()
    print(("x"):rep(1000000))
end

function M.wide_tables()
    local t = {}
    for i = 1, 1e4 do t[i] = ("x"):rep(50) end
    while true do thing.log.info(t) end
end

return M
