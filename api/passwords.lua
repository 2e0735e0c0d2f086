-- SPDX-License-Identifier: Apache-2.0
--
-- Passwords of accounts: what a good one is, checking, setting.
local db = require "thing.db"
local problem = require "thing.problem"
local resets = require "api.resets"

local M = {}

M.SCHEMA = { type = "string", minLength = 10, maxLength = 256 }

-- What people choose when ten characters are asked for; the rest is up to the throttle.
local COMMON = {}
for word in ([[
    password password1 password12 password123 passw0rd123 1234567890 12345678910 0123456789
    qwertyuiop qwerty12345 qwerty123456 1q2w3e4r5t 1qaz2wsx3edc abcdefghij iloveyou123
    letmein123 administrator admin12345 admin123456 welcome123 welcome1234 changeme123
    trustno1234 football123 monkey12345 sunshine123 princess123 dragon12345 thingd1234
    thingd12345 password1234 0987654321 9876543210 1111111111 0000000000 aaaaaaaaaa zxcvbnm123
    asdfghjkl1 secret12345
]]):gmatch("%S+") do
    COMMON[word] = true
end

local function busy(name)
    problem.raise(name == "busy" and "busy" or "internal")
end

-- Raises unless the password is good enough for this account.
function M.judge(password, account)
    local low = password:lower()
    local reason
    if COMMON[low] then
        reason = "is one that everybody tries"
    elseif low:find(account:lower(), 1, true) and #low < #account + 6 then
        reason = "is the account's name with little else"
    elseif #low:gsub(low:sub(1, 1), "", #low) == 0 then
        reason = "is one character again and again"
    end
    if reason then
        problem.raise("validation_failed", "The password " .. reason .. ".",
            { errors = { { path = "/password", message = reason } } })
    end
end

function M.hash(password)
    local hash, name = thing.account.hash(password)
    return hash or busy(name)
end

-- Whether it is the password behind the hash (nil: no, after the same time), and whether the hash
-- should be made anew.
function M.check(hash, password)
    local good, stale = thing.account.check(hash, password)
    if good == nil then
        busy(stale)
    end
    return good, stale
end

-- given: by somebody else, so it has to be changed at the first sign-in. Whatever was handed out to
-- set another ends.
function M.set(account_id, password, given)
    resets.forget(account_id)
    db.rows([[update account set password = $2, password_at = now(), must_change = $3,
        rev = rev + 1,
        updated_at = now() where id = $1]], account_id, M.hash(password), given)
end

return M
