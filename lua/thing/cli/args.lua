-- SPDX-License-Identifier: Apache-2.0
--
-- The command line, read as the commands are declared.
--
--   a command   { name =, summary = one line, text = more, run = function(call),
--                 args = {...}, options = {...}, examples = { {line, what it does} } }
--                 alone = true: takes none of the common options
--   a group     { name =, summary =, commands = {...} }
--   an argument { "KEY", "what it is", optional = true, many = true (the last: a list),
--                 empty = true (may be the empty text),
--                 commands = true (names commands; for completion) }
--   an option   { "name", "VALUE" or nil for a flag, "what it does", repeated = true (a list),
--                 integer = true, choices = {...}, default = }
--
-- A call is { command =, words = {"device", "list"}, args = {KEY = value}, options = {name = value}
-- }, names of options with _ for -.
local fail = require "thing.cli.fail"

local M = {}

local function distance(a, b)
    local row = {}
    for j = 0, #b do
        row[j] = j
    end
    for i = 1, #a do
        local corner = row[0]
        row[0] = i
        for j = 1, #b do
            local cost = a:byte(i) == b:byte(j) and 0 or 1
            corner, row[j] = row[j], math.min(row[j] + 1, row[j - 1] + 1, corner + cost)
        end
    end
    return row[#b]
end

-- The name nearest to a word that is none, or nil.
function M.nearest(word, names)
    local best, least = nil, math.max(1, #word // 3) + 1
    for _, name in ipairs(names) do
        local d = name:sub(1, #word) == word and 0 or distance(word, name)
        if d < least then
            best, least = name, d
        end
    end
    return best
end

local function usage(call, message, word, names)
    local near = word and M.nearest(word, names)
    local where = #call.words > 0 and " " .. table.concat(call.words, " ") or ""
    fail.raise(fail.USAGE, ("%s%s"):format(where ~= "" and where:sub(2) .. ": " or "", message),
        (near and ('Did you mean "%s"? '):format(near) or "")
            .. ("Try `thingd help%s`."):format(where))
end
M.usage = usage

local function names_of(list, prefix)
    local names = {}
    for i, item in ipairs(list) do
        names[i] = (prefix or "") .. (item.name or item[1])
    end
    return names
end

-- The options that a command takes, the common ones last.
function M.options(command, common)
    local all = table.move(command.options or {}, 1, #(command.options or {}), 1, {})
    return command.alone and all or table.move(common, 1, #common, #all + 1, all)
end

local function find(list, name)
    for _, item in ipairs(list) do
        if (item.name or item[1]) == name then
            return item
        end
    end
end

local function includes(list, value)
    for _, item in ipairs(list) do
        if item == value then
            return true
        end
    end
    return false
end

local function value_of(call, option, text)
    local dashed = "--" .. option[1]
    if option.integer then
        return math.tointeger(tonumber(text, 10))
            or usage(call, ("%s wants a whole number, not %q"):format(dashed, text))
    elseif option.choices and not includes(option.choices, text) then
        usage(call, ("%s is one of %s, not %q"):format(dashed, table.concat(option.choices, ", "),
            text), text, option.choices)
    end
    return text
end

local function put_option(call, common, word, words, i)
    local name, text = word:match("^%-%-([^=]+)=(.*)$")
    name = name or word:match("^%-%-(.+)$")
    local known = M.options(call.command, common)
    local option = name and find(known, name)
    if not option then
        usage(call, ("there is no option %q here"):format(word), word:match("^[^=]+"),
            names_of(known, "--"))
    elseif not option[2] and text then
        usage(call, ("--%s takes no value"):format(name))
    elseif option[2] and not text then
        i = i + 1
        text = words[i] or usage(call, ("--%s wants a value: %s"):format(name, option[2]))
    end
    local key = name:gsub("-", "_")
    local value = option[2] and value_of(call, option, text) or not option[2]
    local before = call.options[key]
    if option.repeated then
        before = before or {}
        before[#before + 1] = value
        value = before
    elseif before ~= nil and option[2] then
        usage(call, ("--%s came twice"):format(name))
    end
    call.options[key] = value
    return i
end

local function put_arguments(call, given)
    local declared = call.command.args or {}
    local last = declared[#declared]
    for i, arg in ipairs(declared) do
        if arg.many then
            call.args[arg[1]] = table.move(given, i, #given, 1, {})
        else
            call.args[arg[1]] = given[i]
        end
        local missing = arg.many and #call.args[arg[1]] == 0 or given[i] == nil
        if missing and not arg.optional then
            usage(call, ("%s is missing: %s"):format(arg[1], arg[2]))
        elseif given[i] == "" and not arg.empty then
            usage(call, ("%s is empty"):format(arg[1]))
        end
    end
    if #given > #declared and not (last and last.many) then
        usage(call, ("what is %q?"):format(given[#declared + 1]))
    end
end

local function put_defaults(call, common)
    for _, option in ipairs(M.options(call.command, common)) do
        local key = option[1]:gsub("-", "_")
        if call.options[key] == nil then
            call.options[key] = option.default
        end
    end
end

-- root: the group of all commands. Raises a usage failure. call.help: only help was asked for, and
-- arguments that are missing do not matter.
function M.parse(root, common, words)
    local call = { command = root, words = {}, args = {}, options = {} }
    local given, i, all_given = {}, 0, false
    while i < #words do
        i = i + 1
        local word = words[i]
        if all_given or word == "-" or word:sub(1, 1) ~= "-" then
            local commands = not all_given and #given == 0 and call.command.commands
            local command = commands and find(commands, word)
            if command then
                call.command = command
                call.words[#call.words + 1] = word
            elseif commands then
                usage(call, ("there is no command %q"):format(word), word, names_of(commands))
            else
                given[#given + 1] = word
            end
        elseif word == "--" then
            all_given = true
        elseif word == "--help" or word == "-h" then
            call.help = true
        else
            i = put_option(call, common, word, words, i)
        end
    end
    if not call.help and not call.command.commands then
        put_arguments(call, given)
        put_defaults(call, common)
    end
    return call
end

return M
