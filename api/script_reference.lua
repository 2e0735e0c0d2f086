-- SPDX-License-Identifier: Apache-2.0
--
-- lua/thing/reference.lua as the API gives it: what an editor completes from.
local jsonio = require "thing.jsonio"
local reference = require "thing.reference"
local reply = require "thing.reply"
local schema = require "thing.schema"

local M = {}

local TEXT = { type = "string" }
local PHASES = { type = "array", items = TEXT }

local FIELD = schema.named("ScriptField", {
    type = "object", required = { "name", "type", "text" },
    properties = { name = TEXT, type = TEXT, text = TEXT },
})

M.SCHEMA = schema.named("ScriptReference", {
    type = "object", required = { "functions", "handlers", "types", "members" },
    properties = {
        functions = {
            type = "array", items = {
                type = "object", required = { "name", "signature", "text" },
                properties = {
                    name = { type = "string", description = "Whole: thing.json.decode." },
                    signature = { type = "string",
                        description = "With types as lua-language-server writes them; of a value "
                            .. "its type." },
                    text = TEXT,
                    phases = { type = "array", items = TEXT,
                        description = "In which it may be called; absent: in all." },
                    example = { type = "object", required = { "code", "gives" },
                        properties = { code = TEXT, gives = TEXT } },
                },
            },
        },
        sections = { type = "array", items = { type = "object", required = { "name", "text" },
            properties = { name = TEXT, text = TEXT, phases = PHASES } } },
        handlers = {
            type = "array", items = {
                type = "object", required = { "name", "phase", "signature", "text", "returns",
                    "example" },
                properties = { name = TEXT, phase = TEXT, signature = TEXT, text = TEXT,
                    returns = TEXT, example = TEXT },
            },
        },
        types = {
            type = "array", items = {
                type = "object", required = { "name", "text", "fields" },
                properties = { name = TEXT, text = TEXT,
                    fields = { type = "array", items = FIELD } },
            },
        },
        members = { type = "array", items = FIELD,
            description = "Of the table that a script returns, beside the handlers." },
    },
})

local function document()
    local functions, sections = {}, {}
    for i, s in ipairs(reference) do
        sections[i] = { name = s.name, text = s.text, phases = s.phases }
        for _, f in ipairs(s.functions) do
            functions[#functions + 1] = {
                name = s.name .. "." .. f.name, signature = f.signature, text = f.text,
                phases = f.phases or s.phases,
                example = f.example and { code = f.example[1], gives = f.example[2] } or nil,
            }
        end
    end
    return jsonio.encode { functions = functions, sections = sections,
        handlers = reference.handlers, types = reference.types, members = reference.members }
end

local text, tag

function M.get()
    if not text then
        text = document()
        tag = '"' .. thing.crypto.sha256(text):gsub(".", function(c)
            return ("%02x"):format(c:byte())
        end) .. '"'
    end
    return reply.json(text, 200, { etag = tag, ["cache-control"] = "private, no-cache" })
end

return M
