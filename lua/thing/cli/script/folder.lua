-- SPDX-License-Identifier: Apache-2.0
--
-- A script as files that live in Git:
--
--   init.lua         the script
--   NAME.lua, LIB/NAME.lua    what it requires as NAME and LIB.NAME
--   tests/*.json     more tests { name, input, expect }, one or a list in each file
--   product.json     { product = key, version =, sha256 = of the version that was last pulled or
--                      pushed }
--
-- Hidden files and folders are left alone. A single file is a script of its own.
local client = require "thing.cli.client"
local fail = require "thing.cli.fail"
local jsonio = require "thing.jsonio"

local M = {}

local MAX_MODULES = 64
local MAX_BYTES = 1048576
local MAX_DEPTH = 8

local function invalid(message, hint)
    fail.raise(fail.NOT_VALID, message, hint)
end

local function host(value, why)
    if value == nil then
        fail.raise(fail.FAILED, why)
    end
    return value
end

-- "lib/decode.lua" <-> "lib.decode"
function M.file_of(name)
    return name:gsub("%.", "/") .. ".lua"
end

local function is_name(name)
    for word in (name .. "."):gmatch("(.-)%.") do
        if not word:find("^[%a_][%w_]*$") then
            return false
        end
    end
    return true
end

local function name_of(file)
    local name = file:gsub("%.lua$", ""):gsub("/", ".")
    if not is_name(name) then
        invalid(("%s cannot be required"):format(file),
            "Names of files and folders are made of letters, digits and _.")
    end
    return name
end

local function read_modules(path, below, into)
    if select(2, below:gsub("/", "")) > MAX_DEPTH then
        invalid(("%s%s: more than %d folders in each other"):format(path, below, MAX_DEPTH))
    end
    for _, entry in ipairs(host(thing.host.list(path .. below))) do
        local file = below .. "/" .. entry
        local stat = thing.host.stat(path .. file)
        if entry:sub(1, 1) == "." or not stat or file == "/tests" then
            goto continue
        elseif stat.kind == "folder" then
            read_modules(path, file, into)
        elseif entry:find("%.lua$") and file ~= "/init.lua" then
            into.count = into.count + 1
            into.modules[name_of(file:sub(2))] = client.read_file(path .. file)
        end
        ::continue::
    end
    if into.count > MAX_MODULES then
        invalid(("more than %d files beside init.lua"):format(MAX_MODULES))
    end
end

local function read_json(path)
    local value, why = thing.host.decode(client.read_file(path))
    if value == nil then
        invalid(("%s: %s"):format(path, why))
    end
    return value
end

-- The texts of the tests in files.
local function read_tests(path)
    local tests = {}
    for _, entry in ipairs(thing.host.list(path) or {}) do
        if entry:find("%.json$") and entry:sub(1, 1) ~= "." then
            local text = client.read_file(path .. "/" .. entry)
            local whole, list = thing.host.decode('{"tests":' .. text .. "}", "tests")
            if not whole then
                invalid(("%s/%s: %s"):format(path, entry, list))
            elseif jsonio.is_array(whole.tests) then
                table.move(list, 1, #list, #tests + 1, tests)
            else
                tests[#tests + 1] = text
            end
        end
    end
    return tests
end

local function read_product(path)
    if not thing.host.stat(path) then
        return {}
    end
    local value = read_json(path)
    if type(value) ~= "table" or value.product ~= nil and type(value.product) ~= "string" then
        invalid(path .. " does not say { \"product\": KEY }")
    end
    return value
end

local function read_folder(path)
    local into = { count = 0, modules = {} }
    if not thing.host.stat(path .. "/init.lua") then
        fail.raise(fail.NOT_FOUND, path .. " has no init.lua", "Make one: thingd lua new " .. path)
    end
    read_modules(path, "", into)
    local product = read_product(path .. "/product.json")
    return {
        path = path, folder = true, source = client.read_file(path .. "/init.lua"),
        modules = into.modules, tests = read_tests(path .. "/tests"), product = product.product,
        pulled = { version = product.version, sha256 = product.sha256 },
    }
end

-- { path, folder = true | nil, source, modules = {name = text}, tests = {JSON}, product, pulled }
function M.read(path)
    path = #path > 1 and path:gsub("/+$", "") or path
    local stat = host(thing.host.stat(path))
    local script = stat.kind == "folder" and read_folder(path)
        or { path = path, source = client.read_file(path), modules = {}, tests = {}, pulled = {} }
    local size = #script.source
    for _, text in pairs(script.modules) do
        size = size + #text
    end
    if size > MAX_BYTES then
        invalid(path .. " is larger than a version may be (1 MiB)")
    end
    return script
end

-- The modules as JSON, or nil when there are none.
function M.modules_json(script)
    return next(script.modules) and jsonio.encode(script.modules) or nil
end

function M.tests_json(script)
    return "[" .. table.concat(script.tests, ",") .. "]"
end

-- Every text by the name of its file.
function M.files(script)
    local files = { ["init.lua"] = script.source }
    for name, text in pairs(script.modules or {}) do
        files[M.file_of(name)] = text
    end
    return files
end

function M.write(path, text)
    local above = path:match("^(.*)/[^/]+$")
    if above and above ~= "" and not thing.host.stat(above) then
        host(thing.host.make_folder(above))
    end
    host(thing.host.write_file(path, text))
end

-- What product.json says from now on.
function M.remember(path, product, version)
    M.write(path .. "/product.json", jsonio.encode {
        product = product, version = version and version.number,
        sha256 = version and version.sha256,
    } .. "\n")
end

-- Puts a version's files in the place of a folder's; never a file outside of it, whatever the
-- server says.
function M.replace(path, script, version)
    for name in pairs(version.modules) do
        if not is_name(name) then
            fail.raise(fail.FAILED, ("the server has a file %q, which no folder may have")
                :format(name))
        end
    end
    for name in pairs(script and script.modules or {}) do
        if not version.modules[name] then
            os.remove(path .. "/" .. M.file_of(name))
        end
    end
    for file, text in pairs(M.files(version)) do
        M.write(path .. "/" .. file, text)
    end
end

return M
