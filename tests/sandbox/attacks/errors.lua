-- SPDX-License-Identifier: Apache-2.0
--
-- Error objects as weapons against what reports them: no metamethod of one is ever called, and
-- nothing is too long.
local M = { api = 1, expect = { default = "error" } }

local function loop()
    while true do end
end

function M.tostring_that_loops() error(setmetatable({}, { __tostring = loop })) end
function M.name_that_lies() error(setmetatable({}, { __name = "string" })) end
function M.message_that_loops() error(setmetatable({}, { __index = loop, __len = loop })) end
function M.long_message() error(("x"):rep(1000000)) end
function M.message_with_nul() error("a\0b") end
function M.message_of_place() error("main.lua:999999999999999999999: nowhere", 0) end
function M.table_message() error({ message = ("x"):rep(1000000), code = 7 }) end
function M.table_message_is_table() error({ message = {} }) end
function M.nil_error() error() end
function M.number_error() error(42) end
function M.function_error() error(print) end
function M.coroutine_error() error(coroutine.create(loop)) end
function M.bad_utf8() error("\255\254\192") end
function M.deep_traceback()
    local function f(n)
        if n == 0 then error("deep") end
        return 1 + f(n - 1)
    end
    return f(5000)
end
function M.error_in_close()
    local _ <close> = setmetatable({}, { __close = function() error("second") end })
    error("first")
end

return M
