-- SPDX-License-Identifier: Apache-2.0
--
-- Second factor: codes of an authenticator app (RFC 6238, SHA-1, six digits, 30 s), each good once,
-- and recovery codes.
local db = require "thing.db"

local M = {}

local STEP = 30
local RECOVERY_CODES = 10
local BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

local function about(account_id)
    return "account_totp:" .. account_id
end

local function base32(bytes)
    local out, n, bits = {}, 0, 0
    for i = 1, #bytes do
        n, bits = n << 8 | bytes:byte(i), bits + 8
        while bits >= 5 do
            bits = bits - 5
            local v = n >> bits & 31
            out[#out + 1] = BASE32:sub(v + 1, v + 1)
        end
    end
    if bits > 0 then
        local v = n << (5 - bits) & 31
        out[#out + 1] = BASE32:sub(v + 1, v + 1)
    end
    return table.concat(out)
end
M.base32 = base32

-- A new secret, not yet in force. Returns it in the form that apps take.
function M.begin(account_id)
    local secret = thing.crypto.random(20)
    db.rows("update account set totp = $2, totp_on = false, totp_step = 0 where id = $1",
        account_id,
        db.bytes(thing.crypto.seal(secret, about(account_id))))
    return base32(secret)
end

-- Whether the code is one of now (half a minute of grace each way) that was not used before.
function M.check(account_id, code)
    local row = db.row("select totp, totp_step from account where id = $1", account_id)
    if not row or not row.totp then
        return false
    end
    local secret = thing.crypto.unseal(row.totp, about(account_id))
    local now = thing.now() // 1000 // STEP
    for step = now - 1, now + 1 do
        if step > row.totp_step and thing.account.same(code, thing.account.totp(secret, step)) then
            return db.row([[update account set totp_step = $2 where id = $1 and totp_step < $2
                returning 1 as v]], account_id, step) ~= nil
        end
    end
    return false
end

-- Puts the secret in force and returns recovery codes, which are shown only now.
function M.confirm(account_id)
    local codes, hashes = {}, {}
    for i = 1, RECOVERY_CODES do
        codes[i] = thing.crypto.secret():sub(1, 12):lower()
        hashes[i] = db.bytes(thing.crypto.sha256(codes[i]))
    end
    db.rows("update account set totp_on = true, recovery = $2::bytea[] where id = $1", account_id,
        db.array(hashes))
    return codes
end

-- Whether it is a recovery code; it is gone then.
function M.recover(account_id, code)
    local hash = db.bytes(thing.crypto.sha256(code:lower()))
    return db.row([[update account set recovery = array_remove(recovery, $2::bytea)
        where id = $1 and $2::bytea = any(recovery) returning 1 as v]], account_id, hash) ~= nil
end

function M.remove(account_id)
    db.rows([[update account set totp = null, totp_on = false, totp_step = 0, recovery = '{}'
        where id = $1]], account_id)
end

return M
