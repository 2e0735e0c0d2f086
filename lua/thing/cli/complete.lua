-- SPDX-License-Identifier: Apache-2.0
--
-- What may stand at the end of a command line that is being typed. The shells' scripts ask for it
-- with the words so far; so they know whatever the program knows.
local args = require "thing.cli.args"
local client = require "thing.cli.client"
local text = require "thing.cli.text"

local M = {}

-- Says to the scripts: file names.
M.FILES = ":files"

-- Nobody waits longer for a server when pressing Tab.
local TIMEOUT_MS = 1500
local MOST = 100

-- Keys that the server knows, by what an argument or an option's value is called; narrow: the
-- parameter that leaves out most others.
local SOURCES = {
    PRODUCT = { path = "/products", narrow = "q" },
    DEVICE = { path = "/devices", narrow = "prefix" },
    GROUP = { path = "/groups" },
    USER = { path = "/accounts" },
    ROLE = { words = { "viewer", "operator", "integrator", "admin" } },
}

local function file_like(name)
    return name == "FILE" or name == "FOLDER" or name == "DIR" or name == "JSON"
end

local function put(out, word, begun, told)
    if word:sub(1, #begun) == begun then
        out[#out + 1] = { word, told or "" }
    end
end

-- Quietly: whoever has no server yet gets no names.
local function ask(out, source, begun, options)
    local query = { limit = MOST }
    if source.narrow and begun ~= "" then
        query[source.narrow] = begun
    end
    local ok, answer = pcall(function()
        return client.new(options):request("GET", source.path,
            { timeout = TIMEOUT_MS, query = query })
    end)
    local value = ok and thing.host.decode(answer.body)
    for _, item in ipairs(type(value) == "table" and value.items or {}) do
        put(out, item.key, begun, text.clean(item.name or ""))
    end
end

local function values(out, name, choices, begun, options)
    local source = SOURCES[(name:match("^%u+") or "")]
    for _, choice in ipairs(choices or source and source.words or {}) do
        put(out, choice, begun)
    end
    if file_like(name) then
        out[#out + 1] = { M.FILES, "" }
    elseif source and source.path and not choices then
        ask(out, source, begun, options)
    end
end

local function find(list, name)
    for _, item in ipairs(list or {}) do
        if (item.name or item[1]) == name then
            return item
        end
    end
end

-- The words before the last: which command they name, which option waits for its value, which
-- connection they choose, which arguments there are.
local function read(root, common, words)
    local s = { command = root, options = {}, used = {}, given = {} }
    for i = 1, #words - 1 do
        local word = words[i]
        local option = word:match("^%-%-([^=]+)")
        if s.waiting then
            s.options[s.waiting[1]] = word
            s.waiting = nil
        elseif option then
            local known = find(args.options(s.command, common), option)
            s.used[option] = true
            s.waiting = known and known[2] and not word:find("=", 1, true) and known or nil
        else
            local sub = #s.given == 0 and find(s.command.commands, word)
            s.command = sub or s.command
            s.given[#s.given + 1] = not sub and word or nil
        end
    end
    return s
end

local function options(out, s, common, begun)
    for _, option in ipairs(args.options(s.command, common)) do
        if option.repeated or not s.used[option[1]] then
            put(out, "--" .. option[1], begun, option[3])
        end
    end
end

local function commands(out, group, given, begun)
    for _, word in ipairs(given) do
        group = group and find(group.commands, word)
    end
    for _, sub in ipairs(group and group.commands or {}) do
        put(out, sub.name, begun, sub.summary)
    end
end

local function arguments(out, root, s, begun)
    local declared, n = s.command.args or {}, #s.given
    local last = declared[#declared]
    local arg = declared[n + 1] or last and last.many and last
    for _, word in ipairs(n == 0 and s.command.words or {}) do
        put(out, word, begun)
    end
    if arg and arg.commands then
        commands(out, root, s.given, begun)
    elseif arg then
        values(out, arg[1], nil, begun, s.options)
    end
end

-- words: those behind `thingd`, the last being typed (it may be empty). Returns { {word, text} }.
function M.candidates(root, common, words)
    local out, begun = {}, words[#words] or ""
    local s = read(root, common, words)
    local name, value = begun:match("^%-%-([^=]+)=(.*)$")
    local known = name and find(args.options(s.command, common), name)
    if s.waiting then
        values(out, s.waiting[2], s.waiting.choices, begun, s.options)
    elseif known and known[2] then
        values(out, known[2], known.choices, value, s.options)
        for _, candidate in ipairs(out) do
            candidate[1] = candidate[1] ~= M.FILES and "--" .. name .. "=" .. candidate[1]
                or M.FILES
        end
    elseif begun:sub(1, 1) == "-" then
        options(out, s, common, begun)
    elseif s.command.commands then
        commands(out, s.command, s.given, begun)
    else
        arguments(out, root, s, begun)
    end
    return out
end

M.SCRIPTS = {
    bash = [=[
_thingd() {
    local word
    COMPREPLY=()
    while IFS=$'\t' read -r word _; do
        [ "$word" != ":files" ] || { compopt -o default 2>/dev/null; continue; }
        COMPREPLY+=("$word")
    done < <("$1" completion words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _thingd thingd
]=],
    zsh = [=[
#compdef thingd
_thingd() {
    local line word
    local -a found
    while IFS= read -r line; do
        word=${line%%$'\t'*}
        if [[ $word == :files ]]; then _files; else found+=("${word//:/\\:}:${line#*$'\t'}"); fi
    done < <(${words[1]} completion words -- "${(@)words[2,CURRENT]}" 2>/dev/null)
    (( $#found )) && _describe thingd found
}
if [ "$funcstack[1]" = "_thingd" ]; then _thingd "$@"; else compdef _thingd thingd; fi
]=],
    fish = [=[
function __thingd_words
    set -l words (commandline -opc) (commandline -ct)
    for line in ($words[1] completion words -- $words[2..-1] 2>/dev/null)
        if test "$line" = ":files"\t
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end
complete -c thingd -f -a '(__thingd_words)'
]=],
}

return M
