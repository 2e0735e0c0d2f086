-- SPDX-License-Identifier: Apache-2.0
--
-- Third step: what they sent. Sets ctx.query and, for routes that take a body, ctx.raw (its text)
-- and ctx.body (decoded, to look at).
local jsonio = require "thing.jsonio"
local problem = require "thing.problem"

local M = {}

M.MAX_BODY = 1024 * 1024

local TYPES = { ["application/json"] = true, ["application/merge-patch+json"] = true }

local function read_body(ctx)
    local route, body = ctx.route, ctx.raw
    if not route.check_body then
        return
    end
    if body == "" and route.body_optional then
        body = "{}"
    end
    local kind = (ctx.headers["content-type"] or "application/json"):lower():match("^%s*([^;%s]*)")
    if not TYPES[kind] or kind == "application/merge-patch+json" and route.method ~= "PATCH" then
        problem.raise("unsupported_media_type")
    elseif #body > M.MAX_BODY then
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
