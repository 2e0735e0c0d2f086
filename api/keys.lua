-- SPDX-License-Identifier: Apache-2.0
--
-- Keys that devices sign with: rows of device_key and product_key, sealed, several valid at a time.
local db = require "thing.db"
local rfc3339 = require "thing.rfc3339"

local M = {}

-- The column that says whose they are.
M.OWNER = { device_key = "device_id", product_key = "product_id" }

local INSERT = "insert into %s (id, %s, sealed, expires_at) values ($1, $2, $3, $4::timestamptz)"

-- Makes a key and returns it; it can never be read again. kind: the table. expires: as the caller
-- said it, or nil.
function M.make(kind, owner_id, expires)
    local id = db.value(("select nextval(pg_get_serial_sequence('%s', 'id')) as v"):format(kind))
    local secret = thing.crypto.secret()
    local sealed = thing.crypto.seal(secret, kind .. ":" .. id)
    db.rows(INSERT:format(kind, M.OWNER[kind]), id, owner_id, db.bytes(sealed),
        expires and rfc3339.utc(expires))
    return secret, id
end

return M
