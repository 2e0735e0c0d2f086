-- SPDX-License-Identifier: Apache-2.0
--
-- What goes in and out of the API's scripts.
local schema = require "thing.schema"
local types = require "api.types"

local M = {}

local SOURCE = { type = "string", minLength = 1, maxLength = 1048576,
    description = "Lua; returns the table of the product's functions." }
local NUMBER_OR_NULL = { type = { "integer", "null" }, minimum = 1 }
local TEXT_OR_NULL = { type = { "string", "null" } }

M.VERSION = schema.named("ScriptVersion", {
    type = "object", required = { "number", "note", "size", "sha256", "active", "created_at",
        "created_by" },
    properties = {
        number = types.ID, note = types.TEXT, size = types.COUNT,
        sha256 = { type = "string", description = "Of the source's bytes." }, active = types.FLAG,
        created_at = types.TIME, created_by = { type = "string" },
    },
})

M.WITH_SOURCE = schema.named("ScriptSource", schema.extend(M.VERSION, { source = SOURCE },
    { "source" }))

M.STATE = schema.named("ScriptState", {
    type = "object", required = { "product", "version", "note", "newest", "activated_at", "runs",
        "errors" },
    properties = {
        product = types.KEY,
        version = { type = { "integer", "null" }, minimum = 1, description = "In force." },
        note = TEXT_OR_NULL, newest = NUMBER_OR_NULL, activated_at = types.TIME_OR_NULL,
        runs = { type = "integer", minimum = 0,
            description = "Calls of this version within the last hour." },
        errors = { type = "integer", minimum = 0, description = "Those of them that failed." },
    },
})

M.CREATE = schema.named("ScriptCreate", {
    type = "object", required = { "source" }, additionalProperties = false,
    properties = { source = SOURCE, note = types.TEXT },
})

M.CHECK = schema.named("ScriptCheck", {
    type = "object", required = { "source" }, additionalProperties = false,
    properties = { source = SOURCE },
})

local CHECKED = {
    loaded = types.FLAG,
    ok = { type = "boolean",
        description = "It loads, its tests pass, and a message that was given did not fail." },
    error = {
        type = "object", required = { "message", "where", "line", "column" },
        properties = {
            message = { type = "string" }, where = { type = "string" },
            line = { type = "integer", description = "From 1; 0 or less: not known." },
            column = { type = "integer", description = "From 1; 0 or less: not known." },
        },
    },
    tests = {
        type = "array", items = {
            type = "object", required = { "name", "passed", "effects" },
            properties = { name = { type = "string" }, passed = types.FLAG,
                message = { type = "string" }, effects = types.ANY },
        },
    },
    cpu_us = types.COUNT,
    memory = { type = "integer", minimum = 0, description = "Most bytes in use." },
}

local REQUIRED = { "loaded", "ok", "tests", "cpu_us", "memory" }

M.CHECKED = schema.named("ScriptChecked", { type = "object", required = REQUIRED,
    properties = CHECKED })

M.TRY = schema.named("ScriptTry", {
    type = "object", additionalProperties = false,
    description = "A source or a version (else the one in force), and a message: `payload`, a dead "
        .. "letter, or the `last` ones of the product. Without a message only the tests run.",
    properties = {
        source = SOURCE, version = { type = "integer", minimum = 1, maximum = 2147483647 },
        topic = { type = "string", minLength = 1, maxLength = 1024,
            description = "Below {product}/{device}/." },
        payload = { description = "Text as it is; anything else as JSON." },
        device = types.KEY, letter = types.ID,
        last = { type = "integer", minimum = 1, maximum = 20,
            description = "Stored reports, put back into the form they are posted in, and dead "
                .. "letters of scripts; newest first." },
    },
})

M.TRIED = schema.named("ScriptTried", {
    type = "object", required = { "ok", "items" },
    properties = {
        ok = types.FLAG,
        items = { type = "array", items = schema.extend(M.CHECKED, {
            device = { type = "string" }, topic = { type = "string" }, time = types.TIME,
            effects = { type = "object", additionalProperties = true,
                description = "store, events, commands, reply, result, dead." },
        }) },
    },
})

M.RUNS = schema.named("ScriptRuns", {
    type = "object", required = { "function", "runs", "errors", "cpu_us", "cpu_avg_us",
        "cpu_max_us", "memory_max", "first_at", "last_at", "last_error", "last_error_at" },
    properties = {
        ["function"] = { type = "string" }, runs = types.COUNT, errors = types.COUNT,
        cpu_us = types.COUNT, cpu_avg_us = { type = "number" }, cpu_max_us = types.COUNT,
        memory_max = types.COUNT, first_at = types.TIME, last_at = types.TIME,
        last_error = TEXT_OR_NULL, last_error_at = types.TIME_OR_NULL,
    },
})

return M
