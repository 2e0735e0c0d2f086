-- SPDX-License-Identifier: Apache-2.0
--
-- How core/bind/lint.c calls the lint, inside a sandboxed state: what scripts find in theirs is
-- what is found here.
local lint = require "thing.lint"
local reference = require "thing.reference"

local M = {}

local globals = lint.globals(_ENV)

-- modules: names that require() finds. Returns the warnings as JSON; of a text that is not Lua one
-- with the code "syntax".
function M.run(source, file, is_module, modules)
    local known = {}
    for _, name in ipairs(modules) do
        known[name] = true
    end
    local warnings, mistake = lint.check(source, { reference = reference, globals = globals,
        file = file, module = is_module, modules = known })
    if mistake then
        mistake.code, mistake.file = "syntax", file
        warnings[1] = mistake
    end
    return thing.json.encode(thing.json.array(warnings))
end

return M
