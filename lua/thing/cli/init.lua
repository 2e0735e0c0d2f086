-- SPDX-License-Identifier: Apache-2.0
--
-- The commands of people and scripts against a running server: `thingd product list`.
--
-- To add a group of commands: a file commands/NAME.lua that returns it, and NAME in GROUPS. To add
-- a command: an entry in its group's `commands`. An entry declares arguments, options and examples
-- (thing.cli.args says how); parser, help and completion follow from it. Its run(call) has the
-- methods of thing.cli.call: call:list() for a list with paging, --json and --csv, call:show() and
-- call:done() for one thing, call:request() for all else. It prints through thing.cli.out, ends
-- what went wrong by fail.raise(status, message, hint), and reaches out of the process through
-- thing.host (core/cli/front.h) and io only. What it returns, when it is a number, is the exit
-- status.
local args = require "thing.cli.args"
local call = require "thing.cli.call"
local completion = require "thing.cli.commands.completion"
local fail = require "thing.cli.fail"
local help = require "thing.cli.help"
local out = require "thing.cli.out"
local programs = require "thing.cli.programs"

local M = {}

-- In the order of the help.
local GROUPS = { "product", "device", "latest", "history", "event", "alarm", "command", "shadow",
    "import", "export", "bulk", "job", "dead_letter", "outbox", "channel", "group", "user", "role",
    "token", "audit", "lua" }

local OWN = { "watch", "login", "logout", "password", "whoami", "api" }

-- What every command takes.
M.COMMON = {
    { "server", "URL", "Address of the API; else THINGD_SERVER, the profile, "
        .. "or http://127.0.0.1:8080" },
    { "token", "TOKEN", "API token, or @FILE that holds it (others can see the arguments of a "
        .. "program); else THINGD_TOKEN or the profile" },
    { "profile", "NAME", "Connection that `thingd login` kept, in place of what the environment "
        .. "says; else THINGD_PROFILE or default" },
    { "ca", "FILE", "Certificate authority that the server's certificate must come from; else "
        .. "THINGD_CA, the profile, or the system's" },
    { "json", false, "The server's JSON; lists: one object a line" },
}

local function run_help(c)
    local command, path = M.root, {}
    for i, word in ipairs(c.args.COMMAND) do
        local found
        for _, sub in ipairs(command.commands or {}) do
            found = sub.name == word and sub or found
        end
        if not found then
            c.words = path
            args.usage(c, ("there is no command %q"):format(word))
        end
        command, path[i] = found, word
    end
    return M.help(path, command)
end

local function load(names)
    local commands = {}
    for i, name in ipairs(names) do
        commands[i] = require("thing.cli.commands." .. name)
    end
    return commands
end

local function root()
    local groups, own = load(GROUPS), load(OWN)
    own[#own + 1] = completion(function() return M.root end, M.COMMON)
    own[#own + 1] = { name = "version", summary = "Tell the program's version", alone = true,
        run = function() out.line(thing.host.version) end }
    own[#own + 1] = { name = "help", summary = "Tell more about a command", alone = true,
        args = { { "COMMAND", "Its name", many = true, optional = true, commands = true } },
        run = run_help }
    local all = call.options(groups, programs, own)
    return { name = "thingd", summary = "IoT thing-model platform", commands = all,
        text = "Its own client, too: sign in once (`thingd login`), or name server and token by "
            .. "options or environment. Connections are direct: no proxy is used, no redirect "
            .. "followed.",
        sections = { { "Things, against a running server", groups }, { "The server", programs },
            { "More", own } } }
end

M.root = root()

function M.help(path, command)
    if command.own_help then
        return thing.host.run(command.name, { "--help" })
    end
    out.put(help.of(path, command, M.COMMON))
end

local function dispatch(words)
    words = words[1] == "--version" and { "version" } or words
    local parsed = call.new(args.parse(M.root, M.COMMON, words))
    local command = parsed.command
    local status
    if parsed.help or command.commands and command ~= M.root then
        status = M.help(parsed.words, command)
    elseif command == M.root then
        io.stderr:write(help.of({}, M.root, M.COMMON))
        return fail.USAGE
    else
        status = command.run(parsed)
    end
    out.flush()
    return math.type(status) == "integer" and status or 0
end

local function on_error(e)
    return fail.is(e) and e or debug.traceback(tostring(e), 2)
end

-- words: the arguments behind `thingd`. Returns the exit status.
function M.main(words)
    local ok, result = xpcall(dispatch, on_error, words)
    if ok then
        return result
    elseif not fail.is(result) then
        io.stderr:write("thingd: ", result, "\n")
        return fail.FAILED
    end
    io.stdout:flush()
    io.stderr:write("thingd: ", result.message, "\n", result.hint and result.hint .. "\n" or "")
    return result.status
end

return M
