-- SPDX-License-Identifier: Apache-2.0
local lint = require "thing.lint"
local reference = require "thing.reference"

local function options(more)
    local all = { reference = reference, globals = lint.globals {
        print = print, pairs = pairs, ipairs = ipairs, pcall = pcall, tostring = tostring,
        string = { format = true, rep = true, sub = true }, table = { concat = true },
        os = { time = true }, math = { floor = true },
    } }
    for k, v in pairs(more or {}) do
        all[k] = v
    end
    return all
end

local function texts(source, more)
    local warnings, mistake = lint.check(source, options(more))
    assert.is_nil(mistake)
    local out = {}
    for i, w in ipairs(warnings) do
        out[i] = ("%d:%d %s: %s"):format(w.line, w.column, w.code, w.message)
    end
    return out
end

-- What is said of a body between the head and the end of a script that is right otherwise.
local function said(body, more)
    return texts("local M = { api = 1 }\n" .. body .. "\nreturn M", more)
end

describe("a script that is right", function()
    for _, body in ipairs {
        "",
        "function M.on_property(msg, device) return msg.params end",
        "M.on_event = function(msg) thing.event(msg.type, {}) end",
        "local json = thing.json function M.on_property(msg) print(json.encode(msg.params)) end",
        "local function note(t) thing.store(t) end function M.on_event(msg) note(msg.params) end",
        "M.tests = { { name = 'n', input = { payload = {} }, expect = { store = {} } } }",
        "function M.helper() return M.on_event end",
        "local _unused = 1",
        "local a <const> = 1 local b <close> = nil print(a)",
        "function M:helper() return self.api end",
        "for i, v in ipairs {} do print(v) end",
        "goto done ::done::",
        "local t = {} t.x, t[1] = 1, 2 print(t)",
        "local s = ('x'):rep(3) print(s)",
        "local a = [[\n]] .. '\\x41\\u{41}\\065\\z \n' print(a)",
        "local n = 0x.8p1 + 1e-3 + 3 // 2 ~ 1 << 2 print(n)",
        "print(undefined) -- lint: ignore",
        "local f = function(...) return ... end print(f)",
        "repeat local x = 1 until x",
        "local t = { 1; 2, [3] = 4, x = 5 } print(#t, not t, -1, ~1)",
        "M[tostring(1)] = 1",
    } do
        it("is not complained of: " .. body, function()
            assert.same({}, said(body))
        end)
    end
end)

describe("what any Lua should not have", function()
    for body, expected in pairs {
        ["local x = 1"] = "2:7 unused: 'x' is never used",
        ["local function f() end"] = "2:16 unused: the function 'f' is never used",
        ["local x x = 1"] = "2:7 unused: 'x' is set and never read",
        ["do local y = 2 end"] = "2:10 unused: 'y' is never used",
        ["local x = 1 local x = 2 print(x)"] =
            "2:7 unused: 'x' is never used|2:19 shadowing: 'x' was declared in line 2 already",
        ["local x = 1 do local x = 2 print(x) end print(x)"] =
            "2:22 shadowing: 'x' hides the one of line 2",
        ["local x = 1 print(function(x) return x end, x)"] =
            "2:28 shadowing: 'x' hides the one of line 2",
        ["local M = 1 print(M)"] = "1:7 unused: 'M' is never used|"
            .. "2:7 shadowing: 'M' was declared in line 1 already",
        ["count = 1"] = "2:1 global_set: 'count' is set as a global: say `local`",
        ["function count() end print(count)"] =
            "2:10 global_set: 'count' is set as a global: say `local`",
        ["print(conut)"] = "2:7 undefined: 'conut' is not defined",
        ["prnt(1)"] = "2:1 undefined: 'prnt' is not defined: did you mean print?",
        ["print(string.fromat('x'))"] =
            "2:14 undefined: there is no string.fromat: did you mean string.format?",
        ["print { a = 1, b = 2, a = 3 }"] = "2:23 duplicate: 'a' is given in line 2 already",
        ["print { [1] = 1, [1] = 3 }"] = "2:18 duplicate: '1' is given in line 2 already",
    } do
        it("is told: " .. body, function()
            local list = said(body)
            -- A variable that is declared again ends the script with the wrong table.
            while list[#list] and list[#list]:find("no_api", 1, true) do
                list[#list] = nil
            end
            assert.equal(expected, table.concat(list, "|"))
        end)
    end
end)

describe("what is not there for scripts", function()
    for body, expected in pairs {
        ["load('x')"] = "2:1 removed: load is not there for scripts: text is not run as code",
        ["io.open('x')"] = "2:1 removed: io is not there for scripts: there are no files and "
            .. "processes",
        ["os.execute('x')"] = "2:4 removed: os.execute is not there for scripts: only os.time, "
            .. "os.date, os.clock and os.difftime are there",
        ["print(string.dump)"] = "2:14 removed: string.dump is not there for scripts: there is "
            .. "no bytecode",
        ["require 'lib/x'"] = "2:1 require: require() takes a name like lib.decode for "
            .. "lib/decode.lua",
        ["require 'decod'"] = '2:1 require: the product has no file decod.lua: did you mean '
            .. '"decode"?',
        ["require 'lib.other'"] = "2:1 require: the product has no file lib/other.lua",
        ["require(tostring(1))"] = "",
        ["require 'decode'"] = "",
    } do
        it("is told: " .. body, function()
            assert.equal(expected, table.concat(said(body, { modules = { decode = true } }), "|"))
        end)
    end
end)

describe("thing", function()
    for body, expected in pairs {
        ["function M.on_event() thing.stroe({}) end"] =
            "2:29 unknown_function: there is no thing.stroe: did you mean thing.store?",
        ["print(thing.json.decod)"] =
            "2:18 unknown_function: there is no thing.json.decod: did you mean thing.json.decode?",
        ["print(thing.now())"] =
            "2:13 unknown_function: there is no thing.now: did you mean thing.time.now?",
        ["print(thing.hex.frobnicate)"] = "2:17 unknown_function: there is no "
            .. "thing.hex.frobnicate; thing.hex has decode, encode",
        ["print(thing.frobnicate)"] = "2:13 unknown_function: there is no thing.frobnicate",
        ["local j = thing.json print(j.decod)"] =
            "2:30 unknown_function: there is no thing.json.decod: did you mean thing.json.decode?",
        ["local t = thing print(t.json.decode, t.jsno)"] =
            "2:40 unknown_function: there is no thing.jsno: did you mean thing.json?",
        ["thing.store = 1"] = "2:7 unknown_function: thing is read-only",
        ["local thing = {} print(thing.anything)"] = "",
        ["print(thing[M.x].y)"] = "",
    } do
        it("is held against the reference: " .. body, function()
            assert.equal(expected, table.concat(said(body), "|"))
        end)
    end
end)

describe("a function in a phase where it cannot be called", function()
    local only = "only in phase property, event, message, reply"
    for body, expected in pairs {
        ["thing.store({})"] = "2:1 phase: thing.store cannot be called while the script loads, "
            .. only,
        ["function M.on_command() thing.store({}) return 'x', {} end"] =
            "2:25 phase: thing.store cannot be called in on_command, " .. only,
        ["M.on_command = function() pcall(thing.store, {}) return 'x', {} end"] =
            "2:33 phase: thing.store cannot be called in on_command, " .. only,
        ["M.on_command = function() pcall(function() thing.store {} end) return 'x', {} end"] =
            "2:44 phase: thing.store cannot be called in on_command, " .. only,
        ["local function f() thing.store {} end function M.on_command() f() return 'x', 1 end"] =
            "2:20 phase: thing.store cannot be called in on_command, " .. only,
        ["function M.f() thing.store {} end function M.on_command() M.f() return 'x', 1 end"] =
            "2:16 phase: thing.store cannot be called in on_command, " .. only,
        ["local store = thing.store function M.on_command() store {} return 'x', 1 end"] =
            "2:51 phase: thing.store cannot be called in on_command, " .. only,
        ["local function f() thing.store {} end M.on_command = f"] =
            "2:20 phase: thing.store cannot be called in on_command, " .. only,
        ["function M.own() thing.reply(200) end function M.on_event() thing.later('own') end"] =
            "2:18 phase: thing.reply cannot be called in own, which is put off, " .. only,
        ["function M.o() thing.reply(200) end function M.on_event() thing.forward('d', 'o') end"] =
            "2:16 phase: thing.reply cannot be called in o, which is put off, " .. only,
        ["function M.own() end function M.on_event() thing.later('onw') end"] =
            "2:56 unknown_function: the script has no function 'onw' to put off: did you mean own?",
        ["function M.own() thing.store {} end"] = "",
        ["function M.on_command() return 'x', function() thing.store {} end end"] = "",
    } do
        it("is told: " .. body, function()
            local list = said(body)
            for i, text in ipairs(list) do
                list[i] = text:gsub("phase property, event.*", "phase property, event, message, "
                    .. "reply")
            end
            assert.equal(expected, table.concat(list, "|"))
        end)
    end
end)

describe("the product's table", function()
    for source, expected in pairs {
        ["return { api = 1, on_propery = function() end }"] =
            "1:19 handler_name: nothing calls 'on_propery': did you mean on_property?",
        ["local M = { api = 1 } function M.on_foo() end return M"] =
            "1:34 handler_name: nothing calls 'on_foo'",
        ["local M = { api = 1 } function M.onproperty() end return M"] =
            "1:34 handler_name: nothing calls 'onproperty': did you mean on_property?",
        ["local M = { api = 1 } function M.OnProperty() end return M"] =
            "1:34 handler_name: nothing calls 'OnProperty': did you mean on_property?",
        ["local M = { api = 1 } function M:on_event() return self.api end return M"] =
            "1:34 handler_name: 'on_event' is called with a dot: write .on_event, or self is what "
            .. "comes first",
        ["return {}"] = "1:1 no_api: the product's table must say api = 1",
        ["return { api = 2 }"] = "1:10 no_api: api must be 1",
        ["return { api = '1' }"] = "1:10 no_api: api must be 1",
        ["local M = {}\nreturn M"] = "2:1 no_api: the product's table must say api = 1",
        ["print(1)"] = "1:1 no_product: the script returns nothing: it ends with the product's "
            .. "table",
        ["return 5"] = "1:1 no_product: the script must return a table",
        ["return function() end"] = "1:1 no_product: the script must return a table",
        ["return pairs({})"] = "",
        ["local M = {} M.api = 1 return M"] = "",
        ["local M = { ['api'] = 1 } return M"] = "",
        ["return { api = 1, tests = { { name = 'a', input = {} } } }"] =
            "1:29 test: the test has no expect",
        ["return { api = 1, tests = { { input = {}, expect = {} } } }"] =
            "1:29 test: the test has no name|1:43 test: the test expects nothing: it passes "
            .. "whatever happens",
    } do
        it("is looked at: " .. source, function()
            assert.equal(expected, table.concat(texts(source), "|"))
        end)
    end

    it("is not looked for in a file that others require", function()
        assert.same({}, texts("return function(x) return x end", { module = true }))
        assert.same({}, texts("return { on_foo = print }", { module = true }))
    end)
end)

describe("text that is not Lua", function()
    for source, expected in pairs {
        ["return {\n    api = 1,\n    x = function( end,\n}"] = "3:19 a name expected near 'end'",
        ["local x = = 1"] = "1:11 unexpected symbol near '='",
        ["x = 'abc"] = "1:5 unfinished string",
        ["\n\n  --[[ abc\n\n"] = "3:3 unfinished long comment",
        ["if x then\n\n"] = "3:1 'end' expected (to close 'if' at line 1) near <eof>",
        ["x = '\\q'"] = "1:6 invalid escape sequence",
        ["x = '\\300'"] = "1:6 invalid escape sequence",
        ["x = 0x"] = "1:5 malformed number near '0x'",
        ["x = 3x"] = "1:5 malformed number near '3x'",
        ["\27Lua"] = "1:1 unexpected symbol near '<\\27>'",
        ["return 1 print(2)"] =
            "1:10 'end' expected: `return` is the last statement of its block",
        ["f() = 1"] = "1:5 syntax error near '='",
        ["x"] = "1:2 syntax error near <eof>",
        ["local a <foo> = 1"] = "1:13 unknown attribute 'foo'",
    } do
        it("is refused with its place: " .. source, function()
            local warnings, mistake = lint.check(source, options())
            assert.same({}, warnings)
            assert.equal(expected, ("%d:%d %s"):format(mistake.line, mistake.column,
                mistake.message))
        end)
    end
end)

describe("the end of patience", function()
    it("comes in the middle of what is long", function()
        local warnings = lint.check("print(" .. ("x"):rep(1000) .. ")\nreturn { api = 1 }",
            options())
        assert(#warnings[1].message < 310 and warnings[1].message:find("xxx%.%.%.$"))
    end)

    it("comes after as many warnings as people read", function()
        local warnings = lint.check(("print(x)\n"):rep(3000) .. "return {}", options())
        assert.equal(lint.MOST, #warnings)
    end)

    for name, source in pairs {
        parentheses = "x = " .. ("("):rep(2 ^ 20), braces = "x = " .. ("{"):rep(2 ^ 20),
        powers = "x = " .. ("a^"):rep(2 ^ 19) .. "a", minus = "x = " .. ("- "):rep(2 ^ 19),
        functions = ("f(function() "):rep(2 ^ 16), blocks = ("do "):rep(2 ^ 18),
    } do
        it("comes soon for what nests without end: " .. name, function()
            local _, mistake = lint.check(source, options())
            assert.equal("nested too deep", mistake.message)
        end)
    end
end)

-- The same texts, cut and spoilt in the same ways each time: Lua and the lint must agree on what
-- is Lua, and on the line where it is not.
describe("Lua and the lint", function()
    local BEYOND_GRAMMAR = { "break outside", "visible label", "const", "already defined",
        "vararg function", "jumps into", "to%-be%-closed", "UTF%-8" }
    local JUNK = { "(", ")", "end", "then", "=", "..", ":", "'", '"', "{", "}", ",", "local",
        "function", "return", "--[[", "\\", "0x", "1e", "~", "until", "do", "and", "...", "nil",
        "<const>", "\0", "\200", "repeat", "%", "#", "a.b", "f()", "goto x", "::a::" }
    local seed = 12345
    local function random(n)
        seed = (seed * 1103515245 + 12345) % 2 ^ 31
        return seed // 65536 % n + 1
    end

    local function grammar(message)
        for _, text in ipairs(BEYOND_GRAMMAR) do
            if message:find(text) then
                return false
            end
        end
        return true
    end

    local function agree(text)
        local ok, message = load(text, "=x", "t")
        local _, mistake = lint.check(text, options())
        if ok then
            assert(not mistake, mistake and mistake.message)
        elseif grammar(message) then
            assert(mistake, message)
            local line = message:match("starting at line (%d+)") or message:match("^x:(%d+):")
            local near_long = message:find("near '%[=*%[")
            assert(near_long or tonumber(line) == mistake.line, message .. " / " .. mistake.line)
        end
    end

    for _, file in ipairs { "lua/thing/lint/parser.lua", "lua/thing/lint/lexer.lua",
        "lua/thing/reference.lua", "api/init.lua", "tests/lua/thing/lint_spec.lua" } do
        it("agree on " .. file, function()
            local f <close> = assert(io.open(file))
            local text = f:read "a"
            agree(text)
            for _ = 1, 150 do
                local at, way = random(#text), random(3)
                if way == 1 then
                    agree(text:sub(1, at - 1) .. text:sub(at + random(6)))
                elseif way == 2 then
                    agree(text:sub(1, at - 1) .. " " .. JUNK[random(#JUNK)] .. " " .. text:sub(at))
                else
                    agree(text:sub(1, at))
                end
            end
        end)
    end
end)
