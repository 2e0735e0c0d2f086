-- SPDX-License-Identifier: Apache-2.0
--
-- Third step: what they sent. Sets ctx.query and, for routes that take a body, ctx.raw (its text)
-- and ctx.body (decoded, to look at). A route with `raw` (a list of types) takes files:
-- ctx.body_size, ctx.content_type and, when it is not longer than 1 MiB, ctx.raw; see api.files for
-- longer ones.
local jsonio = require "thing.jsonio"
local problem = require "thing.problem"

local M = {}

M.MAX_BODY = 1024 * 1024

local TYPES = { ["application/json"] = true, ["application/merge-patch+json"] = true }

local function type_of(ctx, default)
    return (ctx.headers["content-type"] or default):lower():match("^%s*([^;%s]*)")
end

local function check_raw(ctx)
    local kind = type_of(ctx, "application/octet-stream")
    for _, taken in ipairs(ctx.route.raw) do
        ctx.content_type = taken == kind and kind or ctx.content_type
    end
    if not ctx.content_type and ctx.body_size > 0 then
        problem.raise("unsupported_media_type", "This takes " .. table.concat(ctx.route.raw, ", ")
            .. ".")
    end
end

local function read_body(ctx)
    local route, body = ctx.route, ctx.raw
    if route.raw then
        return check_raw(ctx)
    elseif not route.check_body then
        return
    end
    if body == "" and ctx.body_size == 0 and route.body_optional then
        body = "{}"
    end
    local kind = type_of(ctx, "application/json")
    if not TYPES[kind] or kind == "application/merge-patch+json" and route.method ~= "PATCH" then
        problem.raise("unsupported_media_type")
    elseif ctx.body_size > M.MAX_BODY then
        problem.raise("too_large", "A JSON body may have " .. M.MAX_BODY .. " bytes.")
    end
    local value, message = jsonio.decode(body)
    if value == nil then
        problem.raise("invalid_json", message)
    end
    local errors = route.check_body(value)
    if errors then
        problem.raise("validation_failed", (errors[1].path .. " " .. errors[1].message):gsub("^ ",
            "the body "),
            { errors = jsonio.array(errors) })
    end
    ctx.raw, ctx.body = body, value
end

function M.step(ctx)
    ctx.query = ctx.route.read_query(ctx.query_text)
    read_body(ctx)
end

return M
