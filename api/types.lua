-- SPDX-License-Identifier: Apache-2.0
--
-- Schemas that several resources share.
local schema = require "thing.schema"

local M = {}

M.KEY = { type = "string", pattern = "^[A-Za-z0-9_-]{1,128}$", minLength = 1, maxLength = 128,
    description = "Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _" }
M.ACCOUNT = { type = "string", minLength = 1, maxLength = 128,
    pattern = "^[a-z0-9][a-z0-9._@+-]{0,127}$", description = "What is typed at sign-in." }
M.NAME = { type = "string", maxLength = 200 }
M.TEXT = { type = "string", maxLength = 4000 }
M.TIME = { type = "string", format = "date-time" }
M.TIME_OR_NULL = { type = { "string", "null" }, format = "date-time" }
M.ID = { type = "integer", minimum = 1 }
M.FLAG = { type = "boolean" }
M.COUNT = { type = "integer", minimum = 0 }
M.TAG = { type = "string", pattern = "^[A-Za-z0-9_.:-]{1,64}$", minLength = 1, maxLength = 64 }
M.TAGS = { type = "array", items = M.TAG, maxItems = 64, uniqueItems = true }
M.OBJECT = { type = "object", additionalProperties = true }
M.ANY = {}

-- Credentials as a device enters them; shown once.
M.CREDENTIALS = schema.named("Credentials", {
    type = "object", required = { "username", "client_id", "secret" },
    properties = {
        username = { type = "string", description = "MQTT username: the product's key." },
        client_id = { type = "string", description = "MQTT client id: the device's key." },
        secret = { type = "string",
            description = "Key of the HMAC that makes the password. Shown only now." },
    },
})

-- What a list answers.
function M.list_of(item)
    return {
        type = "object", required = { "items", "next_cursor" },
        properties = {
            items = { type = "array", items = item },
            next_cursor = { type = { "string", "null" },
                description = "For the next page; null at the end." },
        },
    }
end

return M
