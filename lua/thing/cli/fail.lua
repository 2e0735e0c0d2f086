-- SPDX-License-Identifier: Apache-2.0
--
-- How a command ends that could not do its work: raise(status, message) unwinds to main(), which
-- prints the message to standard error and returns the status.
local M = {}

-- The exit statuses, as `thingd help` lists them.
M.FAILED, M.USAGE, M.NOT_FOUND, M.NOT_ALLOWED, M.CONFLICT, M.NOT_VALID, M.NO_ANSWER = 1, 2, 3, 4, 5,
    6, 7

M.STATUSES = {
    { 0, "done" },
    { M.FAILED, "could not be done; the reason is on standard error" },
    { M.USAGE, "wrong arguments" },
    { M.NOT_FOUND, "the thing is not there, or the token may not see it" },
    { M.NOT_ALLOWED, "no token, a wrong one, or one that may not do this" },
    { M.CONFLICT, "it exists already, is in use, or was changed meanwhile" },
    { M.NOT_VALID, "the server does not take these values" },
    { M.NO_ANSWER, "no server, busy, or not in time: trying again may help" },
}

local mt = { __name = "thing.cli.fail", __tostring = function(f) return f.message end }

-- hint: a line of its own below the message, such as what to do about it; or nil.
function M.raise(status, message, hint)
    error(setmetatable({ status = status, message = message, hint = hint }, mt), 0)
end

function M.is(e)
    return getmetatable(e) == mt
end

return M
