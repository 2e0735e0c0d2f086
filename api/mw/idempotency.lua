-- SPDX-License-Identifier: Apache-2.0
--
-- Idempotency-Key on creates: within a day the same caller, key and request get the same answer,
-- and the thing is made once. The answer is remembered in the transaction that made the thing; a
-- second request that comes meanwhile waits for the first by the row's unique key.
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local problem = require "thing.problem"

local M = {}

local function about(ctx, key)
    return "idempotency:" .. ctx.subject.key .. ":" .. key
end

local function digest(ctx)
    return thing.crypto.sha256(table.concat({ ctx.method, ctx.path, ctx.raw }, "\n"))
end

-- The key of this request, or nil when it has none or its route takes none.
function M.key(ctx)
    local key = ctx.route.idempotent and ctx.headers["idempotency-key"]
    if not key then
        return nil
    end
    if #key == 0 or #key > 200 or key:find("[^\33-\126]") then
        problem.raise("invalid_header",
            "Idempotency-Key is 1 to 200 printable characters without blanks.")
    end
    return key
end

-- An answer given before, or nil when this is the first time. Locks the key until the transaction
-- ends.
function M.recall(ctx, key)
    local first = db.row([[insert into api_answer (subject, key, digest, sealed) values ($1, $2,
        $3, '')
        on conflict do nothing returning 1 as v]], ctx.subject.key, key, db.bytes(digest(ctx)))
    if first then
        return nil
    end
    local row = db.row("select digest, sealed from api_answer where subject = $1 and key = $2",
        ctx.subject.key, key)
    if not row then
        problem.raise("busy", "This Idempotency-Key has just been forgotten; send it again.")
    elseif row.digest ~= digest(ctx) then
        problem.raise("idempotency_mismatch")
    end
    local answer = jsonio.decode(thing.crypto.unseal(row.sealed, about(ctx, key)))
    answer.headers["idempotency-replayed"] = "true"
    return answer
end

function M.remember(ctx, key, answer)
    local text = jsonio.encode { status = answer.status, headers = answer.headers,
        body = answer.body }
    db.rows("update api_answer set sealed = $3 where subject = $1 and key = $2", ctx.subject.key,
        key,
        db.bytes(thing.crypto.seal(text, about(ctx, key))))
end

-- Forgets what is older than a day.
function M.sweep()
    db.rows("delete from api_answer where created_at < now() - interval '1 day'")
end

return M
