-- SPDX-License-Identifier: Apache-2.0
--
-- A folder against the server's versions: `thingd lua push` and `pull`.
local check = require "thing.cli.script.check"
local client = require "thing.cli.client"
local diff = require "thing.cli.script.diff"
local fail = require "thing.cli.fail"
local folder = require "thing.cli.script.folder"
local jsonio = require "thing.jsonio"
local new = require "thing.cli.script.new"
local out = require "thing.cli.out"
local text = require "thing.cli.text"

local M = {}

local SCRIPTS = "/products/{product}/scripts"

-- The product's key, from --product or the folder.
function M.product(c, script)
    local product = c.options.product or script and script.product
    if not product then
        c:usage("which product? --product KEY, or \"product\" in product.json")
    end
    return product
end

local function with(product, more)
    local all = { product = product }
    for k, v in pairs(more or {}) do
        all[k] = v
    end
    return { with = all }
end

-- The newest version, without its source; nil when there is none.
function M.newest(c, product)
    local o = with(product)
    o.query = { limit = 1, sort = "-number" }
    return client.value(c:request("GET", SCRIPTS, o)).items[1]
end

-- A version with .source and .modules.
function M.get(c, product, number)
    return client.value(c:request("GET", SCRIPTS .. "/{number}",
        with(product, { number = tostring(number) })))
end

local function in_force(c, product)
    local value
    local path, what = c:path(SCRIPTS, { product = product })
    c:connect():each(path, { what = what }, function(item)
        value = value or item.active and item.number or nil
    end)
    return value
end

local function described(version)
    return ("version %d by %s%s"):format(version.number, text.clean(version.created_by),
        version.note ~= "" and " (" .. text.clean(version.note) .. ")" or "")
end

-- Refuses to go over what somebody else put there.
local function no_conflict(c, script, newest)
    local known = script.pulled.sha256
    if newest and newest.sha256 ~= known and not c.options.force then
        fail.raise(fail.CONFLICT, ("the server has %s, which this folder does not come from")
            :format(described(newest)),
            "See it with `thingd lua pull`, or go over it with --force.")
    end
end

function M.same(version, script)
    return #diff.files(folder.files(version), folder.files(script)) == 0
end

-- Why the server refused a version, a line for each mistake.
local function mistakes(script, answer)
    local problem, lines = client.value(answer), {}
    for i, e in ipairs(problem.errors or {}) do
        lines[i] = e.test and ("the test %q fails: %s"):format(e.test, e.message)
            or ("%s: %s"):format(check.at(script, e.where, e.line, e.column), e.message)
        lines[i] = text.clean(lines[i])
    end
    return #lines > 0 and table.concat(lines, "\n") or text.clean(problem.detail or problem.title)
end

-- Keeps the folder as a version, with its files' tests run beside its own. after: see the API.
-- Raises what is wrong with it, with file, line and column.
function M.create(c, product, script, after)
    local body = { source = script.source, modules = next(script.modules) and script.modules or nil,
        note = c.options.note, after = after }
    local text_of = jsonio.encode(body)
    if #script.tests > 0 then
        text_of = jsonio.splice(text_of, '{"tests":' .. folder.tests_json(script) .. "}")
    end
    local answer = c:request("POST", SCRIPTS, { with = { product = product }, body = text_of,
        accept = { [422] = true } })
    if answer.status == 422 then
        fail.raise(fail.NOT_VALID, mistakes(script, answer))
    end
    return client.value(answer)
end

function M.put_in_force(c, product, number)
    c:request("POST", SCRIPTS .. "/{number}/activate",
        { with = { product = product, number = tostring(number) } })
end

-- "10%", "tag:NAME", "group:KEY", or devices with commas between.
local function target_of(c, value)
    local percent = value:match("^([%d.]+)%%$")
    local kind, name = value:match("^(%a+):(.+)$")
    if percent and tonumber(percent) then
        return { percent = tonumber(percent) }
    elseif kind == "tag" or kind == "group" then
        return { [kind] = name }
    end
    local devices = {}
    for key in value:gmatch("[^,]+") do
        if not key:find("^[%w_-]+$") then
            c:usage("--canary wants 10%, tag:NAME, group:KEY, or keys of devices")
        end
        devices[#devices + 1] = key
    end
    return { devices = devices }
end

local function start(c, product, number)
    if c.options.canary then
        local o = with(product, { number = tostring(number) })
        o.body = target_of(c, c.options.canary)
        c:request("POST", SCRIPTS .. "/{number}/canary", o)
        out.line(("version %d runs for %s"):format(number, text.clean(c.options.canary)))
    elseif c.options.activate then
        M.put_in_force(c, product, number)
        out.line(("version %d is in force"):format(number))
    end
end

function M.push(c)
    local script = folder.read(c.args.DIR)
    local product = M.product(c, script)
    if c.options.canary and c.options.activate then
        c:usage("either --canary or --activate")
    elseif c.options.canary then
        target_of(c, c.options.canary)
    end
    local newest = M.newest(c, product)
    local before = newest and M.get(c, product, newest.number)
    local version = before and M.same(before, script) and before
    if version then
        out.line(("nothing new: it is version %d of %s"):format(version.number, product))
    else
        no_conflict(c, script, newest)
        local after = not c.options.force and (newest and newest.number or 0) or nil
        version = M.create(c, product, script, after)
        for _, w in ipairs(check.warnings(script)) do
            out.note("warning: " .. check.line(w))
        end
        for _, line in ipairs(before and diff.files(folder.files(before), folder.files(script))
            or {}) do
            out.line("  ", text.clean(line))
        end
        out.line(("version %d of %s"):format(version.number, product))
    end
    if script.folder then
        folder.remember(script.path, product, version)
    end
    start(c, product, version.number)
end

-- Whether the folder holds something that the server does not have.
local function changed(c, product, script)
    local number = script.pulled.version
    if math.type(number) ~= "integer" then
        return true
    end
    local path = c:path(SCRIPTS .. "/{number}", { product = product, number = tostring(number) })
    local answer = c:connect():request("GET", path, { accept = { [404] = true } })
    return answer.status == 404 or not M.same(client.value(answer), script)
end

function M.pull(c)
    local path = c.args.DIR:gsub("(.)/+$", "%1")
    local script = thing.host.stat(path .. "/init.lua") and folder.read(path) or nil
    local product = M.product(c, script or { product = path:match("([^/]+)$") })
    local number = c.options.version or in_force(c, product)
    if not number then
        local newest = M.newest(c, product)
        number = newest and newest.number or fail.raise(fail.NOT_FOUND,
            "product " .. text.clean(product) .. " has no script yet",
            "Make one: thingd lua new " .. path)
    end
    local version = M.get(c, product, number)
    local differences = script and diff.files(folder.files(script), folder.files(version)) or {}
    if #differences > 0 and not c.options.force and changed(c, product, script) then
        for _, line in ipairs(differences) do
            out.line("  ", text.clean(line))
        end
        out.flush()
        fail.raise(fail.CONFLICT, path .. " has changes that the server does not have",
            "--force throws them away.")
    end
    folder.replace(path, script, version)
    folder.remember(path, product, version)
    new.equip(path)
    out.line(("%s is %s of %s"):format(path, described(version), product))
end

return M
