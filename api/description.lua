-- SPDX-License-Identifier: Apache-2.0
--
-- What the OpenAPI document says beside the routes.
local openapi = require "thing.openapi"
local types = require "api.types"

local M = {}

local TEXT = [[
Lists answer `{items, next_cursor}`; pass `next_cursor` as `cursor` for the next page. Errors are
`application/problem+json` with a stable `code`. Changes honour `If-Match`,
    creates honour `Idempotency-Key`. Times
are RFC 3339 in UTC.]]

function M.build(routes)
    return openapi.build(routes, {
        title = "thingd", version = "1", description = TEXT,
        path = {
            product = types.KEY, device = types.KEY, service = types.KEY, key_id = types.ID,
                command = types.ID,
            letter = types.ID, number = types.ID, token = types.ID, session = types.ID,
                role = types.KEY, group = types.KEY,
            account = types.ACCOUNT, job = types.ID,
            part = { type = "integer", minimum = 1 },
            upload = { type = "string", pattern = "^[0-9a-f]{32}$" },
        },
    })
end

return M
