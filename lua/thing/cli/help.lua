-- SPDX-License-Identifier: Apache-2.0
--
-- Help texts, made from the commands as they are declared.
local fail = require "thing.cli.fail"
local text = require "thing.cli.text"

local M = {}

local WIDTH = 78

local function rows(out, title, list)
    if #list == 0 then
        return
    end
    local widest = 0
    for _, row in ipairs(list) do
        widest = math.max(widest, math.min(#row[1], 24))
    end
    out[#out + 1] = "\n" .. title .. ":"
    for _, row in ipairs(list) do
        local lead = "  " .. row[1] .. (" "):rep(widest - #row[1]) .. "  "
        if #row[1] > widest then
            lead = "  " .. row[1] .. "\n" .. (" "):rep(widest + 4)
        end
        out[#out + 1] = lead .. text.wrap(row[2], WIDTH - widest - 4, widest + 4)
    end
end

local function argument(arg)
    local name = arg[1] .. (arg.many and "..." or "")
    return arg.optional and "[" .. name .. "]" or name
end

local function option_row(option)
    local told = option[3]
    if option.choices then
        told = told .. ": " .. table.concat(option.choices, ", ")
    end
    if option.default ~= nil then
        told = told .. (" (default %s)"):format(option.default)
    end
    if option.repeated then
        told = told .. "; may come several times"
    end
    return { "--" .. option[1] .. (option[2] and " " .. option[2] or ""), told }
end

local function options_of(list)
    local out = {}
    for i, option in ipairs(list or {}) do
        out[i] = option_row(option)
    end
    return out
end

local function usage(path, command)
    local words = { "usage: thingd" }
    table.move(path, 1, #path, 2, words)
    if command.commands then
        words[#words + 1] = "COMMAND"
    end
    for _, arg in ipairs(command.args or {}) do
        words[#words + 1] = argument(arg)
    end
    words[#words + 1] = (command.options or not command.alone) and "[options]" or nil
    return table.concat(words, " ")
end

local function group(out, command)
    for _, section in ipairs(command.sections or { { "Commands", command.commands } }) do
        local list = {}
        for i, c in ipairs(section[2]) do
            list[i] = { c.name, c.summary }
        end
        rows(out, section[1], list)
    end
end

local function statuses()
    local list = {}
    for i, s in ipairs(fail.STATUSES) do
        list[i] = { tostring(s[1]), s[2] }
    end
    return list
end

-- The text for a command or group at path ({} is thingd itself).
function M.of(path, command, common)
    local out = { usage(path, command) }
    out[#out + 1] = "\n" .. text.wrap(command.summary .. ".", WIDTH)
    if command.text then
        for paragraph in (command.text .. "\n\n"):gmatch("(.-)\n%s*\n") do
            out[#out + 1] = "\n" .. text.wrap(paragraph, WIDTH)
        end
    end
    if command.commands then
        group(out, command)
    end
    local list = {}
    for i, arg in ipairs(command.args or {}) do
        list[i] = { arg[1], arg[2] }
    end
    rows(out, "Arguments", list)
    rows(out, "Options", options_of(command.options))
    if not command.alone then
        rows(out, "Common options", options_of(common))
    end
    if #path == 0 then
        rows(out, "Exit status", statuses())
    end
    list = {}
    for i, example in ipairs(command.examples or {}) do
        list[i] = "  " .. example[1] .. (example[2] and "\n      " .. example[2] or "")
    end
    if #list > 0 then
        out[#out + 1] = "\nExamples:\n" .. table.concat(list, "\n")
    end
    return table.concat(out, "\n") .. "\n"
end

return M
