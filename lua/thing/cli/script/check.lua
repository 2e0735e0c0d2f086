-- SPDX-License-Identifier: Apache-2.0
--
-- A script looked at on this machine, with the limits of live ones: `thingd lua lint` and `test`.
local fail = require "thing.cli.fail"
local folder = require "thing.cli.script.folder"
local jsonio = require "thing.jsonio"
local out = require "thing.cli.out"
local text = require "thing.cli.text"

local M = {}

-- path/of/file:line:column; what is not known is 1, or init.lua.
function M.at(script, file, line, column)
    file = file and file ~= "" and file or "init.lua"
    local where = script.folder and script.path .. "/" .. file or script.path
    return ("%s:%d:%d"):format(where, math.max(line or 1, 1), math.max(column or 1, 1))
end

local function decoded(json, why)
    if not json then
        fail.raise(fail.FAILED, why)
    end
    return assert(thing.host.decode(json))
end

-- The warnings of the lint, the place of each as .at.
function M.warnings(script)
    local list = decoded(thing.host.lint_script { source = script.source,
        modules = folder.modules_json(script) })
    for _, w in ipairs(list) do
        w.at = M.at(script, w.file, w.line, w.column)
    end
    return list
end

function M.line(w)
    return text.clean(("%s: %s (%s)"):format(w.at, w.message, w.code))
end

-- Loads it and runs its tests: the answer of bind/try.h, the place of its error as .error.at.
function M.try(script, config)
    local answer = decoded(thing.host.try_script { source = script.source,
        modules = folder.modules_json(script), tests = folder.tests_json(script),
        product = script.product, config = config })
    if answer.error then
        local e = answer.error
        e.at = M.at(script, e.where, e.line, e.column)
    end
    return answer
end

function M.lint(c)
    local count = 0
    for _, path in ipairs(c.args.DIR) do
        for _, w in ipairs(M.warnings(folder.read(path))) do
            count = count + 1
            out.line(c.options.json and jsonio.encode(w) or M.line(w))
        end
    end
    if not c.options.json then
        out.line(count == 0 and "nothing to complain of" or count .. " to look at")
    end
    return count == 0 and 0 or fail.FAILED
end

-- Prints how the tests went: passed, failed.
function M.report(answer)
    local passed, failed = 0, 0
    if answer.error then
        failed = 1
        out.line("  FAIL  ", text.clean(answer.error.at .. ": " .. answer.error.message))
    end
    for _, test in ipairs(answer.tests) do
        out.line(test.passed and "  ok    " or "  FAIL  ", text.clean(test.name))
        if test.passed then
            passed = passed + 1
        else
            failed = failed + 1
            out.line("        ", text.clean(test.message), "; they are ",
                text.clean(jsonio.encode(test.effects)))
        end
    end
    if not answer.ok and failed == 0 then
        failed = 1
        out.line("  FAIL  its `tests` are not a list of tests")
    end
    return passed, failed
end

function M.test(c)
    local passed, failed = 0, 0
    for _, path in ipairs(c.args.DIR) do
        out.line(path)
        local script = folder.read(path)
        local answer = M.try(script, c.options.config)
        local good, bad = M.report(answer)
        passed, failed = passed + good, failed + bad
        for _, w in ipairs(answer.error and {} or M.warnings(script)) do
            out.line("  warn  ", M.line(w))
        end
    end
    out.line(("%d passed, %d failed"):format(passed, failed))
    return failed == 0 and 0 or fail.FAILED
end

return M
