-- SPDX-License-Identifier: Apache-2.0
--
-- API tokens: a role, all products or some, an end. The token is shown when it is made; only its
-- hash is kept.
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local list = require "thing.list"
local problem = require "thing.problem"
local reply = require "thing.reply"
local rfc3339 = require "thing.rfc3339"
local roles = require "api.roles"
local schema = require "thing.schema"
local types = require "api.types"

local PRODUCTS = { type = { "array", "null" }, items = types.KEY, maxItems = 1000,
    uniqueItems = true,
    description = "Products it works for; null: all." }

local TOKEN = schema.named("Token", {
    type = "object", required = { "id", "name", "role", "products", "created_at", "created_by",
        "expires_at", "used_at" },
    properties = {
        id = types.ID, name = { type = "string" }, role = { type = "string" }, products = PRODUCTS,
        created_at = types.TIME, created_by = { type = "string" }, expires_at = types.TIME_OR_NULL,
        used_at = types.TIME_OR_NULL,
    },
})

local CREATED = schema.named("TokenCreated", schema.extend(TOKEN, {
    token = { type = "string", description = "Shown only now." },
}, { "token" }))

local CREATE = schema.named("TokenCreate", {
    type = "object", required = { "name", "role" }, additionalProperties = false,
    properties = {
        name = { type = "string", minLength = 1, maxLength = 200 },
        role = types.KEY, products = PRODUCTS, expires_at = types.TIME_OR_NULL,
    },
})

local SPEC = {
    from = "api_token t", id = "t.id", filters = { role = { schema = types.KEY,
        sql = "t.role = ?" } },
    sorts = {
        created_at = { sql = "t.created_at", type = "timestamptz" },
            name = { sql = "t.name", type = "text" },
    },
    document = [[json_build_object('id', t.id, 'name', t.name, 'role', t.role,
        'products', case when t.scoped then (select coalesce(json_agg(p.key order by p.key), '[]')
            from api_token_product x join product p on p.id = x.product_id
                where x.token_id = t.id) end,
        'created_at', th_rfc3339(t.created_at), 'created_by', t.created_by,
        'expires_at', th_rfc3339(t.expires_at), 'used_at', th_rfc3339(t.used_at))]],
}

local function some(list_)
    return type(list_) == "table" and list_ or nil
end

-- Nobody hands out more than they have.
local function check_role(ctx, role)
    local wanted = roles.of(role)
    if not wanted then
        problem.raise("unknown_reference", "There is no role " .. role .. ".",
            { errors = { { path = "/role", message = "does not exist" } } })
    end
    if not roles.includes(roles.everywhere(ctx.subject), wanted) then
        problem.raise("forbidden", "A token can have only permissions that its maker has.")
    end
end

-- Nor for longer: else a token would renew itself.
local function check_end(ctx, expires)
    local own = ctx.subject.expires_at
    if own and not (expires and db.value("select $1::timestamptz <= $2::timestamptz as v", expires,
        own)) then
        problem.raise("forbidden", "A token makes none that outlives it: expires_at " .. own)
    end
end

local function scope(id, products)
    local made = db.rows([[insert into api_token_product (token_id, product_id)
        select $1, p.id from product p where p.key = any($2::text[]) returning product_id]], id,
            db.array(products))
    if #made ~= #products then
        problem.raise("unknown_reference", "One of the products does not exist.",
            { errors = { { path = "/products", message = "must exist" } } })
    end
end

local function create(ctx)
    local body = ctx.body
    check_role(ctx, body.role)
    local products = some(body.products)
    local expires = type(body.expires_at) == "string" and rfc3339.utc(body.expires_at) or nil
    check_end(ctx, expires)
    local token = thing.crypto.token()
    local id = db.value([[insert into api_token (name, hash, role, expires_at, scoped, created_by)
        values ($1, $2, $3, $4::timestamptz, $5, $6) returning id as v]], body.name,
        db.bytes(thing.crypto.token_hash(token)), body.role, expires, products ~= nil,
            ctx.subject.name)
    if products then
        scope(id, products)
    end
    local doc = db.row("select " .. SPEC.document .. " as doc from api_token t where id = $1",
        id).doc
    ctx:audit { target = tostring(id), after = doc }
    return reply.json(jsonio.splice(doc, jsonio.encode { token = token }), 201,
        { location = "/api/v1/tokens/" .. id })
end

local function delete(ctx)
    local id = math.tointeger(tonumber(ctx.params.token))
    local doc = id and db.row("select " .. SPEC.document
        .. " as doc from api_token t where id = $1 for update", id)
    if not doc then
        problem.raise("not_found")
    elseif ctx.subject.kind == "token" and ctx.subject.id == id then
        problem.raise("in_use", "A token cannot revoke itself: use another one, or sign in.")
    end
    db.rows("delete from api_token where id = $1", id)
    ctx:audit { target = tostring(id), before = doc.doc }
    return reply.empty()
end

return {
    name = "tokens", levels = { read = "admin", create = "admin", delete = "admin" },
    routes = {
        {
            method = "GET", path = "/tokens", action = "read", global = true, id = "tokens.list",
                summary = "List API tokens",
            query = list.parameters(SPEC.filters, SPEC.sorts, "created_at"),
                answers = { [200] = { list = TOKEN } },
            run = function(ctx) return list.page(SPEC, ctx.query) end,
        },
        {
            method = "POST", path = "/tokens", action = "create", global = true,
                id = "tokens.create",
            summary = "Make an API token", write = true, idempotent = true, body = CREATE,
            answers = { [201] = { schema = CREATED } }, run = create,
        },
        {
            method = "DELETE", path = "/tokens/{token}", action = "delete", global = true,
                id = "tokens.delete",
            summary = "Revoke an API token", write = true, answers = { [204] = {} }, run = delete,
        },
    },
}
