-- SPDX-License-Identifier: Apache-2.0
--
-- From one declaration of a resource, its routes: list, create, get, update (merge patch) and
-- delete, with validation, paging, filters, revisions and audit. What is special about a resource
-- is in its hooks; nothing here knows a resource by name.
--
--   resource.define {
--     name = "products",            -- permission prefix and tag
--     type = "Product",             -- name of the schema
--     path = "/products",           -- of the collection; the item is path/{param}
--     param = "product",
--     table = "product", from = "product t",     -- the row itself has alias t
--     late = true,                  -- see thing.list
--     key = "t.key = ?",            -- finds the item by its path parameter
--     scope = "t.id",               -- SQL of a row's product; absent: platform-wide callers only
--     fields = { ... },             -- see thing.fields
--     required = {"key"},           -- of a create
--     filters = {...}, sorts = {...}, sort = "key",  -- see thing.list
--     once = { secret = schema },   -- members of a create's answer that are shown only then
--     global = { create = true },   -- actions for platform-wide callers only
--     levels = { read = "viewer" }, -- least built-in role per action; absent: no such route
--     hooks = {
--       columns(ctx) -> {name = value}          further columns of an insert
--       before_create(ctx)
--       after_create(ctx, id) -> members of the answer that are shown only now
--       validate(ctx, whole, row): raises; `whole` is the body, or what it would be after a patch
--         of `row`
--       before_update(ctx, row, whole), after_update(ctx, row, whole)
--       before_delete(ctx, row) -> table for the answer, or nil for 204; after_delete(ctx)
--     },
--   }
-- Hooks run inside the transaction; ctx:after(fn) runs fn once it is committed.
local db = require "thing.db"
local fields = require "thing.fields"
local jsonio = require "thing.jsonio"
local list = require "thing.list"
local problem = require "thing.problem"
local query = require "thing.query"
local reply = require "thing.reply"
local schema = require "thing.schema"

local M = {}

local function etag(rev)
    return rev and { etag = ('"%d"'):format(rev) } or {}
end
M.etag = etag

-- If-Match, when the caller sent one.
function M.check_match(ctx, rev)
    local wanted = ctx.headers["if-match"]
    if not wanted or wanted == "*" then
        return
    end
    for tag in wanted:gmatch('"([^"]*)"') do
        if tag == tostring(rev) then
            return
        end
    end
    problem.raise("version_conflict", "The revision is " .. tostring(rev) .. " now.",
        { headers = etag(rev) })
end

local function restrict(spec, ctx)
    return function(q)
        if spec.within then
            spec.within(q, ctx)
        end
        if spec.scope and ctx.scope then
            q:where(spec.scope .. " = any(?::bigint[])", db.array(ctx.scope))
        end
    end
end

local function rev_column(spec)
    return spec.rev == false and "null::bigint" or "t.rev"
end

-- The row with id, rev and doc, or a problem.
local function find(spec, ctx, tail, patch)
    local q = query.new(spec.from)
    restrict(spec, ctx)(q)
    q:where(spec.key, ctx.params[spec.param])
    local merged = patch and ("th_merge_patch(%s, %s::jsonb)"):format(spec.fields:writable(),
        q:bind("?", patch))
    local columns = ("t.id, %s as rev, %s as doc, %s as merged"):format(rev_column(spec),
        spec.document, merged or "null")
    local row = db.rows_of(q:sql(columns, tail))[1]
    return row or problem.raise("not_found")
end

local function read(spec, id)
    return db.row(("select t.id, %s as rev, %s as doc from %s where t.id = $1"):format(
        rev_column(spec), spec.document, spec.from), id)
end

local function list_route(spec)
    return {
        method = "GET", path = spec.path, action = "read", id = spec.name .. ".list",
        summary = "List " .. spec.title,
        query = list.parameters(spec.filters, spec.sorts, spec.sort),
        answers = { [200] = { list = spec.schema } },
        run = function(ctx)
            return list.page(spec, ctx.query, restrict(spec, ctx), ctx)
        end,
    }
end

local function get_route(spec)
    return {
        method = "GET", path = spec.item, action = "read", id = spec.name .. ".get",
        summary = "Read one of the " .. spec.title,
        answers = { [200] = { schema = spec.schema, etag = spec.rev ~= false } },
        run = function(ctx)
            local row = find(spec, ctx)
            return reply.json(row.doc, 200, etag(row.rev))
        end,
    }
end

local function insert(spec, ctx)
    local columns, exprs = spec.fields:assignments(ctx.body)
    local values = { ctx.raw, n = 1 }
    for name, value in pairs(spec.hooks.columns and spec.hooks.columns(ctx) or {}) do
        values.n = values.n + 1
        values[values.n] = value
        columns[#columns + 1], exprs[#exprs + 1] = name, "$" .. values.n
    end
    local sql = "insert into %s (%s) select %s from (select $1::jsonb b) x returning id as v"
    sql = sql:format(spec.table, table.concat(columns, ", "), table.concat(exprs, ", "))
    return db.rows_of(sql, values)[1].v
end

local function create_route(spec)
    local made = spec.once and schema.named(spec.type .. "Created",
        schema.extend(spec.schema, spec.once)) or spec.schema
    return {
        method = "POST", path = spec.path, action = "create", id = spec.name .. ".create",
        summary = "Create one of the " .. spec.title, write = true, idempotent = true,
        body = spec.create_schema, answers = { [201] = { schema = made,
            etag = spec.rev ~= false } },
        run = function(ctx)
            local hooks = spec.hooks
            if hooks.validate then
                hooks.validate(ctx, ctx.body)
            end
            if hooks.before_create then
                hooks.before_create(ctx)
            end
            local id = insert(spec, ctx)
            local members = hooks.after_create and hooks.after_create(ctx, id)
            local row = read(spec, id)
            local key = jsonio.decode(row.doc)[spec.key_field]
            ctx:audit { target = key, after = row.doc }
            local headers = etag(row.rev)
            headers.location = ctx.path .. "/" .. key
            return reply.json(members and jsonio.splice(row.doc, jsonio.encode(members))
                or row.doc, 201, headers)
        end,
    }
end

local function apply(spec, ctx, row, whole)
    local columns, exprs = spec.fields:assignments(ctx.body, whole)
    if next(ctx.body) == nil then
        return false
    end
    local sets = {}
    for i, column in ipairs(columns) do
        sets[i] = column .. " = " .. exprs[i]
    end
    if spec.rev ~= false then
        sets[#sets + 1] = "rev = rev + 1"
        sets[#sets + 1] = "updated_at = now()"
    end
    if #sets > 0 then
        local sql = "update %s set %s from (select $1::jsonb as b) body where id = $2"
        db.rows(sql:format(spec.table, table.concat(sets, ", ")), row.merged, row.id)
    end
    return true
end

local function update_route(spec)
    local whole_schema, patch_schema = spec.fields:update_schemas()
    schema.named(spec.type .. "Patch", patch_schema)
    local check = schema.compile(whole_schema)
    return {
        method = "PATCH", path = spec.item, action = "update", id = spec.name .. ".update",
        summary = "Change one of the " .. spec.title .. " (merge patch, RFC 7396)", write = true,
            match = spec.rev ~= false,
        body = patch_schema, answers = { [200] = { schema = spec.schema,
            etag = spec.rev ~= false } },
        run = function(ctx)
            local row = find(spec, ctx, "for update of t", ctx.raw)
            M.check_match(ctx, row.rev)
            local whole = jsonio.decode(row.merged)
            local errors = check(whole)
            if errors then
                problem.raise("validation_failed", errors[1].path .. " " .. errors[1].message,
                    { errors = jsonio.array(errors) })
            end
            if spec.hooks.validate then
                spec.hooks.validate(ctx, whole, row)
            end
            if spec.hooks.before_update then
                spec.hooks.before_update(ctx, row, whole)
            end
            if not apply(spec, ctx, row, whole) then
                return reply.json(row.doc, 200, etag(row.rev))
            end
            if spec.hooks.after_update then
                spec.hooks.after_update(ctx, row, whole)
            end
            local now = read(spec, row.id)
            ctx:audit { target = ctx.params[spec.param], before = row.doc, after = now.doc }
            return reply.json(now.doc, 200, etag(now.rev))
        end,
    }
end

local function delete_route(spec)
    return {
        method = "DELETE", path = spec.item, action = "delete", id = spec.name .. ".delete",
        summary = "Delete one of the " .. spec.title, write = true, match = spec.rev ~= false,
        query = spec.delete_query or {},
        answers = spec.deleted and { [200] = { schema = spec.deleted } } or { [204] = {} },
        run = function(ctx)
            local row = find(spec, ctx, "for update of t")
            M.check_match(ctx, row.rev)
            local report = spec.hooks.before_delete and spec.hooks.before_delete(ctx, row)
            db.rows(("delete from %s where id = $1"):format(spec.table), row.id)
            if spec.hooks.after_delete then
                spec.hooks.after_delete(ctx)
            end
            ctx:audit { target = ctx.params[spec.param], before = row.doc }
            return report and reply.value(report) or reply.empty()
        end,
    }
end

local MAKERS = {
    { "read", list_route }, { "create", create_route }, { "read", get_route },
        { "update", update_route },
    { "delete", delete_route },
}

-- Returns { name =, levels =, routes = }; further routes of the resource can be appended.
function M.define(spec)
    spec.fields = fields.new(spec.fields)
    spec.title = spec.title or spec.name:gsub("_", " ")
    spec.item = spec.path .. "/{" .. spec.param .. "}"
    spec.id, spec.document = "t.id", spec.fields:document()
    spec.schema = schema.named(spec.type, spec.fields:schema())
    spec.create_schema = schema.named(spec.type .. "Create",
        spec.fields:create_schema(spec.required or {}))
    spec.filters, spec.sorts, spec.hooks = spec.filters or {}, spec.sorts, spec.hooks or {}
    spec.key_field = spec.key_field or "key"
    local routes, global = {}, spec.global or {}
    for _, maker in ipairs(MAKERS) do
        if spec.levels[maker[1]] then
            routes[#routes + 1] = maker[2](spec)
        end
    end
    for _, route in ipairs(spec.routes or {}) do
        routes[#routes + 1] = route
    end
    for _, route in ipairs(routes) do
        route.global = route.global or not spec.scope or global[route.action]
    end
    return { name = spec.name, levels = spec.levels, routes = routes, list = list, spec = spec }
end

return M
