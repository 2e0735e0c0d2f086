-- SPDX-License-Identifier: Apache-2.0
--
-- The OpenAPI 3.1 document of a list of routes. All of it comes from the routes' own declarations,
-- so document and behaviour cannot differ.
local jsonio = require "thing.jsonio"
local problem = require "thing.problem"
local schema = require "thing.schema"

local M = {}

-- Text and values as PostgreSQL can store them: what else the reader of bodies refuses.
local TEXT = "^[^\\u0000]*$"
local VALUE = { ["$ref"] = "#/components/schemas/Value" }

local function value_schema()
    return {
        description = "Any JSON value; text without U+0000",
        anyOf = jsonio.array {
            { type = { "null", "boolean", "number" } }, { type = "string", pattern = TEXT },
            { type = "array", items = VALUE },
            { type = "object", propertyNames = { pattern = TEXT }, additionalProperties = VALUE },
        },
    }
end

local function is_text(s)
    local t = type(s.type) == "table" and s.type[1] or s.type
    return t == "string" and not (s.pattern or s.enum or s.format)
end

-- A copy of a schema in which named ones are references; named ones are put into `components`.
local function refer(s, components)
    local name = schema.name_of(s)
    if name and components[name] then
        return { ["$ref"] = "#/components/schemas/" .. name }
    end
    local out = {}
    if name then
        components[name] = out
    end
    if not name and next(s) == nil then
        return VALUE
    elseif is_text(s) then
        out.pattern = TEXT
    end
    for keyword, value in pairs(s) do
        if keyword == "additionalProperties" and value == true then
            out[keyword], out.propertyNames = VALUE, { pattern = TEXT }
        elseif keyword == "properties" then
            out[keyword] = {}
            for member, sub in pairs(value) do
                out[keyword][member] = refer(sub, components)
            end
        elseif keyword == "items" or keyword == "propertyNames" or type(value) == "table"
            and keyword == "additionalProperties" then
            out[keyword] = refer(value, components)
        elseif keyword == "anyOf" then
            out.anyOf = jsonio.array()
            for i, sub in ipairs(value) do
                out.anyOf[i] = refer(sub, components)
            end
        elseif keyword == "default" and type(value) == "table" then
            out.default = value
        else
            out[keyword] = value
        end
    end
    return name and { ["$ref"] = "#/components/schemas/" .. name } or out
end

local function list_schema(item, components)
    return {
        type = "object", required = { "items", "next_cursor" },
        properties = {
            items = { type = "array", items = refer(item, components) },
            next_cursor = { type = { "string", "null" },
                description = "For the next page; null at the end." },
            total = {
                type = "object", required = { "value", "estimate" },
                description = "How many there are in all; only when `count` was asked for.",
                properties = { value = { type = "integer" }, estimate = { type = "boolean" } },
            },
        },
    }
end

local function sorted(t)
    local names = {}
    for name in pairs(t) do
        names[#names + 1] = name
    end
    table.sort(names)
    return names
end

local function parameters(route, options, components)
    local out = jsonio.array()
    for name in route.path:gmatch("{([a-z_]+)}") do
        out[#out + 1] = { name = name, ["in"] = "path", required = true,
            schema = refer(options.path[name] or { type = "string" }, components) }
    end
    local required = {}
    for _, name in ipairs(route.required or {}) do
        required[name] = true
    end
    for _, name in ipairs(sorted(route.query or {})) do
        local s = refer(route.query[name], components)
        local parameter = { name = name, ["in"] = "query", schema = s, description = s.description,
            required = required[name] }
        if s.type == "array" then
            parameter.style, parameter.explode = "form", false
        end
        s.description = nil
        out[#out + 1] = parameter
    end
    if route.match then
        out[#out + 1] = { ["$ref"] = "#/components/parameters/IfMatch" }
    end
    if route.idempotent then
        out[#out + 1] = { ["$ref"] = "#/components/parameters/IdempotencyKey" }
    end
    return #out > 0 and out or nil
end

local function request_body(route, components)
    if route.raw then
        local content = {}
        for _, kind in ipairs(route.raw) do
            content[kind] = {}
        end
        return { required = not route.body_optional, content = content }
    elseif not route.body then
        return nil
    end
    local content = { ["application/json"] = { schema = refer(route.body, components) } }
    if route.method == "PATCH" then
        content["application/merge-patch+json"] = content["application/json"]
    end
    return { required = not route.body_optional, content = content }
end

local MEANING = { [200] = "Done", [201] = "Made", [202] = "Taken in, goes on as a job",
    [204] = "Done, nothing to say" }

local function responses(route, components)
    local out = { default = { ["$ref"] = "#/components/responses/Problem" } }
    for status, answer in pairs(route.answers) do
        local response = { description = MEANING[status] or "Done" }
        local s = answer.list and list_schema(answer.list, components) or
            answer.schema and refer(answer.schema, components)
        if s then
            response.content = { ["application/json"] = { schema = s } }
        elseif answer.text then
            response.content = { [answer.text] = { schema = { type = "string" } } }
            if answer.text_too then
                response.content[answer.text_too] = { schema = { type = "string" } }
            end
        end
        if answer.etag then
            response.headers = { ETag = { ["$ref"] = "#/components/headers/ETag" } }
        end
        out[tostring(status)] = response
    end
    return out
end

-- A caller on this machine needs no token.
local LOCAL = { {}, { token = jsonio.array() }, { session = jsonio.array() } }

local function operation(route, options, components)
    return {
        operationId = route.id, summary = route.summary, description = route.description,
            tags = { route.tag },
        parameters = parameters(route, options, components),
        requestBody = request_body(route, components),
        responses = responses(route, components),
        security = route.open and jsonio.array() or route.loopback and LOCAL or nil,
        ["x-permission"] = route.permission,
    }
end

local function codes()
    local out = {}
    for i, c in ipairs(problem.list()) do
        out[i] = c.code
    end
    return out
end

local PARAMETERS = {
    IfMatch = { name = "If-Match", ["in"] = "header", schema = { type = "string" },
        description = "ETag of the revision the change is for; when it is another now: 409." },
    IdempotencyKey = { name = "Idempotency-Key", ["in"] = "header",
        schema = { type = "string", minLength = 1, maxLength = 200, pattern = "^[!-~]+$" },
        description = "Within 24 hours the same key and request give the same answer, and the "
            .. "thing is made once." },
}

local function problem_schema()
    return {
        type = "object", required = { "type", "title", "status", "code" },
        properties = {
            type = { type = "string" }, title = { type = "string" }, status = { type = "integer" },
            code = { type = "string", enum = codes() }, detail = { type = "string" },
            request_id = { type = "string" },
            errors = { type = "array", items = {
                type = "object", required = { "path", "message" },
                properties = { path = { type = "string" }, message = { type = "string" } },
            } },
        },
    }
end

-- options: title, version, description, path = schemas of path parameters by name.
function M.build(routes, options)
    local components = { Problem = problem_schema(), Value = value_schema() }
    local paths, tags, seen = {}, jsonio.array(), {}
    for _, route in ipairs(routes) do
        paths[route.path] = paths[route.path] or {}
        paths[route.path][route.method:lower()] = operation(route, options, components)
        if not seen[route.tag] then
            seen[route.tag] = true
            tags[#tags + 1] = { name = route.tag }
        end
    end
    return {
        openapi = "3.1.0",
        info = { title = options.title, version = options.version,
            description = options.description,
            license = { name = "Apache-2.0", identifier = "Apache-2.0" } },
        servers = { { url = "/" } },
        tags = tags, paths = paths,
        security = { { token = jsonio.array() }, { session = jsonio.array() } },
        components = {
            schemas = components, parameters = PARAMETERS,
            headers = { ETag = { schema = { type = "string" },
                description = "The revision, for If-Match." } },
            responses = { Problem = {
                description = "A problem (RFC 9457); `code` is stable",
                content = { ["application/problem+json"] = {
                    schema = { ["$ref"] = "#/components/schemas/Problem" },
                } },
            } },
            securitySchemes = {
                token = { type = "http", scheme = "bearer", description = "API token" },
                session = { type = "apiKey", ["in"] = "cookie", name = "__Host-thingd" },
            },
        },
    }
end

return M
