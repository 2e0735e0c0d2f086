-- SPDX-License-Identifier: Apache-2.0
--
-- What goes in and out of the API's scripts.
local schema = require "thing.schema"
local types = require "api.types"

local M = {}

local SOURCE = { type = "string", minLength = 1, maxLength = 1048576,
    description = "Lua; returns the table of the product's functions." }
local MODULES = {
    type = "object", maxProperties = 64,
    propertyNames = { type = "string", maxLength = 100,
        pattern = "^[A-Za-z_][A-Za-z0-9_.]*$" },
    additionalProperties = { type = "string", maxLength = 1048576 },
    description = "What the script requires, by name, words with dots between: lib.decode is the "
        .. "file lib/decode.lua.",
}
local TESTS = { type = "array", maxItems = 1000, items = types.OBJECT,
    description = "Tests beside the script's own {name, input, expect}; run, not kept." }
local NUMBER_OR_NULL = { type = { "integer", "null" }, minimum = 1 }
local TEXT_OR_NULL = { type = { "string", "null" } }

local FILTERS = { type = "array", items = { type = "string" } }

local MANIFEST = schema.named("ScriptManifest", {
    type = { "object", "null" }, required = { "topics", "functions" },
    description = "What the script declares; null: kept by a release that did not read it.",
    properties = {
        topics = {
            type = "object", required = { "publish", "subscribe", "raw" },
            description = "Filters below {product}/{device}/.",
            properties = { publish = FILTERS, subscribe = FILTERS, raw = FILTERS },
        },
        functions = { type = "array", items = { type = "string" } },
    },
})

M.VERSION = schema.named("ScriptVersion", {
    type = "object", required = { "number", "note", "size", "sha256", "active", "manifest",
        "created_at", "created_by" },
    properties = {
        number = types.ID, note = types.TEXT, size = types.COUNT,
        sha256 = { type = "string",
            description = "Of the source's bytes, with the modules when it has any." },
        active = types.FLAG, manifest = MANIFEST, created_at = types.TIME,
        created_by = { type = "string" },
    },
})

M.WITH_SOURCE = schema.named("ScriptSource", schema.extend(M.VERSION, { source = SOURCE,
    modules = MODULES }, { "source", "modules" }))

M.STATE = schema.named("ScriptState", {
    type = "object", required = { "product", "version", "note", "newest", "activated_at", "runs",
        "errors", "enabled", "canary" },
    properties = {
        product = types.KEY,
        enabled = { type = "boolean",
            description = "False: switched off, by the product's settings or for all." },
        version = { type = { "integer", "null" }, minimum = 1, description = "In force." },
        note = TEXT_OR_NULL, newest = NUMBER_OR_NULL, activated_at = types.TIME_OR_NULL,
        runs = { type = "integer", minimum = 0,
            description = "Calls of this version within the last hour." },
        errors = { type = "integer", minimum = 0, description = "Those of them that failed." },
        canary = {
            type = { "object", "null" },
            description = "A version that some devices run before all.",
            required = { "version", "target", "started_at", "started_by", "runs", "errors" },
            properties = {
                version = types.ID, target = { type = "object", additionalProperties = true,
                    description = "As it was asked for, with `size`: how many devices these were "
                        .. "when it began, counted to 1000." },
                started_at = types.TIME, started_by = { type = "string" }, runs = types.COUNT,
                errors = types.COUNT,
            },
        },
    },
})

M.CREATE = schema.named("ScriptCreate", {
    type = "object", required = { "source" }, additionalProperties = false,
    properties = {
        source = SOURCE, modules = MODULES, tests = TESTS, note = types.TEXT,
        after = { type = "integer", minimum = 0, maximum = 2147483647,
            description = "Refused unless this is the newest version; 0: unless there is none." },
    },
})

M.CHECK = schema.named("ScriptCheck", {
    type = "object", required = { "source" }, additionalProperties = false,
    properties = { source = SOURCE, modules = MODULES, tests = TESTS },
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
    manifest = MANIFEST,
    tests = {
        type = "array", items = {
            type = "object", required = { "name", "passed", "effects" },
            properties = { name = { type = "string" }, passed = types.FLAG,
                message = { type = "string" }, effects = types.ANY },
        },
    },
    log = {
        type = "array", description = "What it printed and logged, its first 64 KiB.", items = {
            type = "object", required = { "level", "where", "line", "text" },
            properties = { level = { type = "string", enum = { "debug", "info", "warn", "error" } },
                where = { type = "string" }, line = types.COUNT, text = { type = "string" } },
        },
    },
    cpu_us = types.COUNT,
    memory = { type = "integer", minimum = 0, description = "Most bytes in use." },
}

local REQUIRED = { "loaded", "ok", "tests", "log", "cpu_us", "memory" }

M.CHECKED = schema.named("ScriptChecked", { type = "object", required = REQUIRED,
    properties = CHECKED })

local WARNING = schema.named("ScriptWarning", {
    type = "object", required = { "code", "file", "line", "column", "message" },
    properties = {
        code = { type = "string", description = "Of the kind of mistake; syntax: it is not Lua." },
        file = { type = "string" },
        line = { type = "integer", minimum = 1 },
        column = { type = "integer", minimum = 1, description = "In bytes." },
        message = { type = "string" },
    },
})

M.LINTED = schema.named("ScriptLinted", schema.extend(M.CHECKED, {
    warnings = { type = "array", items = WARNING,
        description = "What is probably wrong, though it loads; at most 200 of one file." },
}, { "warnings" }))

M.TRY = schema.named("ScriptTry", {
    type = "object", additionalProperties = false,
    description = "A source or a version (else the one in force), and a message: `payload`, a dead "
        .. "letter, or the `last` ones of the product. Without a message only the tests run.",
    properties = {
        source = SOURCE, modules = MODULES,
        version = { type = "integer", minimum = 1, maximum = 2147483647 },
        topic = { type = "string", minLength = 1, maxLength = 1024,
            description = "Below {product}/{device}/." },
        payload = { description = "Text as it is; anything else as JSON." },
        base64 = { type = "string", maxLength = 1398104, description = "The payload's bytes." },
        input = { type = "object", additionalProperties = true,
            description = "Instead of a message, as in a script's own tests: {event: connect | "
                .. "disconnect | auth, ...} or {commands: [{name, params}]}." },
        device = types.KEY, letter = types.ID,
        timer = {
            type = "object", additionalProperties = false, required = { "name" },
            description = "A function to call as if it had been put off by thing.later.",
            properties = {
                name = { type = "string", pattern = "^[A-Za-z0-9_-]{1,128}$", maxLength = 128 },
                args = types.ANY,
            },
        },
        kv = { type = "object", additionalProperties = true,
            description = "The device's small state before each message." },
        alarms = { type = "object", additionalProperties = true,
            description = "Its active alarms before each message, by key: {severity, message, "
                .. "since, last, count, acknowledged}, all optional." },
        last = { type = "integer", minimum = 1, maximum = 20,
            description = "Stored reports, put back into the form they are posted in, and dead "
                .. "letters of scripts; newest first. With `device` of this one." },
        letters = { type = "boolean", description = "With `last`: dead letters only." },
    },
})

M.TRIED = schema.named("ScriptTried", {
    type = "object", required = { "ok", "items" },
    properties = {
        ok = types.FLAG,
        items = { type = "array", items = schema.extend(M.CHECKED, {
            device = { type = "string" }, topic = { type = "string" },
            timer = { type = "string" }, time = types.TIME,
            stored = { type = { "object", "null" }, additionalProperties = true,
                description = "Of `last`: what the history has of it." },
            effects = { type = "object", additionalProperties = true,
                description = "store, events, commands, sent, kv, later, forwarded, alarms, "
                    .. "notify, reply, result, dead; of auth allowed and why." },
        }) },
    },
})

M.LINE = schema.named("ScriptLine", {
    type = "object", required = { "seq", "time", "product", "device", "version", "level", "where",
        "line", "text" },
    properties = {
        seq = { type = "integer", minimum = 1, description = "Counts up per product." },
        time = types.TIME, product = types.KEY, device = TEXT_OR_NULL, version = types.COUNT,
        level = { type = "string", enum = { "debug", "info", "warn", "error" } },
        where = { type = "string" },
        line = { type = "integer", minimum = 0, description = "0: not known." },
        text = { type = "string" },
    },
})

return M
