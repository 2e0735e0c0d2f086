-- SPDX-License-Identifier: Apache-2.0
--
-- Audit rows of a request, written in its transaction: a change that is there has its row, and the
-- other way round.
local db = require "thing.db"

local M = {}

local SQL = [[insert into audit (actor_kind, actor_id, actor, address, request_id, action, target,
    product_id,
    product_key, before, after) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb,
        $11::jsonb)]]

-- Rows of one actor and action, from arrays: targets, ids and keys of products, before, after.
M.MANY = [[insert into audit (actor_kind, actor_id, actor, address, request_id, action, target,
    product_id, product_key, before, after)
    select $1, $2, $3, $4, $5, $6, u.target, u.product_id, u.product_key,
        nullif(u.before, 'null'), nullif(u.after, 'null')
    from unnest($7::text[], $8::bigint[], $9::text[], $10::jsonb[], $11::jsonb[])
        u(target, product_id, product_key, before, after)]]

-- entry: { action = of the route unless given, target =, before =, after = (JSON texts) }
function M.write(ctx, entry)
    local subject = entry.subject or ctx.subject
    local product = entry.product or ctx.product or {}
    db.rows(SQL, subject.kind, subject.id, subject.name, ctx.peer, ctx.id, entry.action
        or ctx.route.permission,
        entry.target or "", product.id, product.key or "", entry.before, entry.after)
end

return M
