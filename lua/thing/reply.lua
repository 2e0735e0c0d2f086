-- SPDX-License-Identifier: Apache-2.0
--
-- What a handler returns: { status =, headers = {name = value}, body = text }. Header names are
-- lower case; a value may be a list of texts, for a header that comes several times.
local jsonio = require "thing.jsonio"
local problem = require "thing.problem"

local M = {}

-- text is JSON already.
function M.json(text, status, headers)
    headers = headers or {}
    headers["content-type"] = "application/json"
    return { status = status or 200, headers = headers, body = text }
end

function M.value(value, status, headers)
    return M.json(jsonio.encode(value), status, headers)
end

-- An object that is text already, with further members.
function M.splice(text, members, status, headers)
    return M.json(jsonio.splice(text, jsonio.encode(members)), status, headers)
end

function M.text(text, content_type, headers)
    headers = headers or {}
    headers["content-type"] = content_type
    return { status = 200, headers = headers, body = text }
end

function M.empty(status, headers)
    return { status = status or 204, headers = headers or {}, body = "" }
end

function M.problem(p, request_id)
    local headers = { ["content-type"] = "application/problem+json" }
    for k, v in pairs(p.headers or {}) do
        headers[k] = v
    end
    return { status = p.status, headers = headers,
        body = jsonio.encode(problem.body(p, request_id)) }
end

-- docs: texts of the items; next: cursor or nil; members: further members as JSON text of an
-- object.
function M.list(docs, next, members)
    local text = '{"items":[' .. table.concat(docs, ",") .. '],"next_cursor":' ..
        (next and jsonio.quote(next) or "null") .. "}"
    return M.json(members and jsonio.splice(text, members) or text)
end

return M
