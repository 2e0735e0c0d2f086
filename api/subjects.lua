-- SPDX-License-Identifier: Apache-2.0
--
-- The subject of work that goes on without a request: its rights are those it has now, not those it
-- had when it asked.
local auth = require "api.mw.auth"
local db = require "thing.db"
local roles = require "api.roles"

local M = {}

local SQL = {
    token = auth.TOKEN_SQL:format("t.id = $1"),
    account = "select a.key as name, " .. roles.GRANTS_SQL:format("a.id") .. [[ as grants
        from account a where a.id = $1 and a.enabled]],
}

-- The subject as api.mw.auth makes it, or nil when it may no longer do anything.
function M.load(kind, id)
    local row = SQL[kind] and db.row(SQL[kind], id)
    return row and { kind = kind, id = id, name = row.name, key = kind .. ":" .. id,
        grants = roles.grants(row.grants) }
end

return M
