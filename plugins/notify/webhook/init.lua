-- SPDX-License-Identifier: Apache-2.0
--
-- A notification as an HTTP request with a JSON body:
--
--   {"id", "channel", "product", "device", "time", "test", "title", "text", "severity", "data"}
--
-- time: when what it tells of was stored; product and device are null in a test. All attempts send
-- the same bytes and the same Idempotency-Key, the notification's id. With a signing key the
-- request is signed as webhook-id, webhook-timestamp and webhook-signature say (Standard Webhooks).
-- 2xx is success.
local M = { api = 1, name = "webhook", version = "1", title = "Webhook" }

M.schema = {
    type = "object", required = { "url" }, additionalProperties = false,
    properties = {
        url = { type = "string", title = "URL", format = "uri", maxLength = 2048,
            pattern = "^https?://[!-?A-~]{3,2040}$",
            description = "Where the notification is sent to; http or https, without a user." },
        method = { type = "string", title = "Method", enum = { "POST", "PUT" },
            default = "POST" },
        headers = { type = "object", title = "Headers", maxProperties = 20,
            propertyNames = { type = "string", pattern = "^[A-Za-z0-9-]{1,100}$", maxLength = 100 },
            additionalProperties = { type = "string", maxLength = 1000, pattern = "^[ -~]*$" },
            description = "Further headers, without secrets." },
        authorization = { type = "string", title = "Authorization", writeOnly = true,
            minLength = 1, maxLength = 2000, pattern = "^[ -~]+$",
            description = "Value of the header Authorization, such as Bearer and a token." },
        signing_key = { type = "string", title = "Signing key", writeOnly = true, minLength = 8,
            maxLength = 500, pattern = "^[!-~]+$",
            description = "Signs each request with HMAC-SHA256; whsec_ and Base64, or any text." },
    },
}

function M.hosts(conf)
    local host = type(conf.url) == "string" and conf.url:match("^%a+://([^/?#]+)")
    return { host or nil }
end

local function body_of(n)
    local members = {}
    for i, name in ipairs { "id", "channel", "product", "device" } do
        members[i] = ('"%s":%s'):format(name, thing.json.encode(n[name] or thing.json.null))
    end
    members[5] = ('"time":"%s"'):format(thing.time.format(n.time))
    return "{" .. table.concat(members, ",") .. ',"test":' .. tostring(n.test) .. ","
        .. n.json:sub(2)
end

local function key_of(text)
    local encoded = text:match("^whsec_(.+)$")
    return encoded and thing.base64.decode(encoded) or text
end

local function headers_of(conf, n, body)
    local headers = {}
    for name, value in pairs(conf.headers or {}) do
        headers[name] = value
    end
    headers["content-type"] = "application/json"
    headers["idempotency-key"] = n.id
    headers.authorization = conf.authorization
    if conf.signing_key then
        local at = tostring(thing.time.now() // 1000)
        local digest = thing.hmac.sha256(key_of(conf.signing_key),
            table.concat({ n.id, at, body }, "."), true)
        headers["webhook-id"], headers["webhook-timestamp"] = n.id, at
        headers["webhook-signature"] = "v1," .. thing.base64.encode(digest)
    end
    return headers
end

function M.send(conf, n)
    local body = body_of(n)
    local answer, why = thing.http.request { method = conf.method or "POST", url = conf.url,
        headers = headers_of(conf, n, body), body = body }
    if not answer then
        return nil, why
    elseif answer.status >= 200 and answer.status < 300 then
        return true
    end
    local wait = tonumber(answer.headers["retry-after"] or "")
    return nil, "the receiver answered " .. answer.status, wait
end

return M
