-- SPDX-License-Identifier: Apache-2.0
--
-- What the parser met: variables and their scopes, functions and whom they call. Warns of what is
-- wrong with any Lua: unused and shadowing locals, globals that are set, members given twice.
--
-- A variable: { name, line, column, kind, value (an expression, when it is only set once),
-- fields }. A function: { calls = expressions called in it, inner = functions handed to a call in
-- it }. What only a whole script shows is left to thing.lint.script: .globals (read), .paths
-- (names with keys), .calls, .given (what the chunk returns).
local M = {}

local Scope = {}
Scope.__index = Scope

local MAX_KEPT = 20000 -- of each list: more than people write

function M.new(warn)
    return setmetatable({ warn = warn, active = {}, globals = {}, paths = {}, calls = {},
        given = {} }, Scope)
end

local function keep(list, item)
    if #list < MAX_KEPT then
        list[#list + 1] = item
    end
end

-- ---- blocks and functions ----

function Scope:open_block()
    self.block = { outer = self.block, vars = {} }
end

local function unused(self, var)
    local own = var.kind == "local" or var.kind == "function"
    if var.read or not own or var.name:sub(1, 1) == "_" then
        return
    end
    local what = var.kind == "function" and "the function '%s' is never used"
        or var.set_again and "'%s' is set and never read" or "'%s' is never used"
    self.warn("unused", var.line, var.column, what:format(var.name))
end

function Scope:close_block()
    local vars = self.block.vars
    for i = #vars, 1, -1 do
        unused(self, vars[i])
        self.active[vars[i].name] = vars[i].hides
    end
    self.block = self.block.outer
end

function Scope:open_function(line, column)
    self.fn = { outer = self.fn, line = line, column = column, calls = {}, inner = {} }
    self.main = self.main or self.fn
    self:open_block()
    return self.fn
end

function Scope:close_function()
    self:close_block()
    self.fn = self.fn.outer
end

function Scope:declare(name, line, column, kind)
    local hidden = self.active[name]
    local var = { name = name, line = line, column = column, kind = kind, hides = hidden,
        block = self.block }
    if hidden and name:sub(1, 1) ~= "_" and kind ~= "implicit" then
        local what = hidden.block == self.block and "'%s' was declared in line %d already"
            or "'%s' hides the one of line %d"
        self.warn("shadowing", line, column, what:format(name, hidden.line))
    end
    self.active[name] = var
    self.block.vars[#self.block.vars + 1] = var
    return var
end

function Scope.give_value(_, var, e)
    var.value = e
    if e.kind == "table" then
        var.fields = e
    end
end

-- ---- expressions ----

-- A name becomes a value that is looked at.
function Scope:read(e)
    e.bare = nil
    e.var = self.active[e.name]
    if e.var then
        e.var.read = true
    else
        keep(self.globals, e)
    end
    return e
end

function Scope.index(_, e, key, line, column)
    if e.kind ~= "path" then
        return { kind = "field" }
    end
    e.n = e.n + 1
    if e.n <= 2 then
        e[e.n] = key or false
        e["line" .. e.n], e["column" .. e.n] = line, column
    end
    return e
end

-- A path as a value, not called.
function Scope:used(e)
    if e.kind == "path" and e.n > 0 then
        keep(self.paths, e)
    end
    return e
end

function Scope:call(e, arguments, method)
    self:used(e)
    if e.kind == "path" then
        e.arguments = arguments
        keep(self.fn.calls, e)
        keep(self.calls, e)
        if e.n == 0 and (e.name == "pcall" or e.name == "xpcall") and arguments[1] then
            local called = arguments[1]
            if called.kind == "path" then
                keep(self.fn.calls, called)
            end
        end
    end
    for _, argument in ipairs(arguments) do
        if argument.kind == "function" then
            keep(self.fn.inner, argument.fn)
        end
    end
    return { kind = "call", method = method }
end

-- ---- tables ----

function Scope.item(_, made, e)
    made.items = made.items or {}
    if #made.items < 1000 then
        made.items[#made.items + 1] = e
    end
end

local function put_member(made, key, e, line, column)
    made.members = made.members or {}
    made.members[key] = { value = e, line = line, column = column }
end

function Scope:member(made, key, e, line, column)
    if key == nil then
        made.unknown = true
        return
    end
    local before = made.members and made.members[key]
    if before then
        self.warn("duplicate", line, column, ("'%s' is given in line %d already"):format(
            tostring(key), before.line))
    end
    put_member(made, key, e, line, column)
end

-- ---- statements ----

function Scope:assign(target, e)
    if target.kind ~= "path" then
        return
    end
    if target.n == 0 then
        local var = self.active[target.name]
        target.bare = nil
        if var then
            var.set_again = true
            var.value = nil
            if var.fields then
                var.fields.unknown = true
            end
        else
            self.warn("global_set", target.line, target.column,
                ("'%s' is set as a global: say `local`"):format(target.name))
            self.set = self.set or {}
            self.set[target.name] = true
        end
        return
    end
    keep(self.paths, target)
    target.is_set = true
    local made = target.var and target.var.fields
    if made and target.n == 1 and target[1] then
        put_member(made, target[1], e, target.line1, target.column1)
    elseif made then
        made.unknown = true
    end
end

function Scope:give(values, line, column)
    if self.fn == self.main then
        self.given[#self.given + 1] = { value = values[1], line = line, column = column }
    end
end

return M
