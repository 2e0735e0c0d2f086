-- SPDX-License-Identifier: Apache-2.0
--
-- The folder of a new script: `thingd lua new`, and what makes an editor understand it.
local fail = require "thing.cli.fail"
local folder = require "thing.cli.script.folder"
local manual = require "thing.manual"
local out = require "thing.cli.out"
local reference = require "thing.reference"

local M = {}

local SCRIPT = [[
-- What becomes of the messages of %s's devices.

---@type thing.Product
local M = { api = 1 }

-- Called with every report. What it returns is stored; false and a reason: it is refused.
function M.on_property(msg, _device)
    return msg.params
end

M.tests = {
    {
        name = "a report is stored as it comes",
        input = { payload = { id = "1", params = { temperature = 21.5 } } },
        expect = { store = { { params = { temperature = 21.5 } } } },
    },
}

return M
]]

local LUARC = [[
{
    "runtime.version": "Lua 5.4",
    "runtime.builtin": { "io": "disable", "debug": "disable", "package": "disable" },
    "workspace.library": [ ".thing" ],
    "workspace.checkThirdParty": false
}
]]

local IGNORED = "/.thing/\n"

-- Stubs and settings for lua-language-server, beside the script.
function M.equip(path)
    folder.write(path .. "/.thing/thing.lua", manual.stubs(reference))
    if not thing.host.stat(path .. "/.luarc.json") then
        folder.write(path .. "/.luarc.json", LUARC)
    end
    if not thing.host.stat(path .. "/.gitignore") then
        folder.write(path .. "/.gitignore", IGNORED)
    end
end

function M.run(c)
    local path = c.args.DIR:gsub("(.)/+$", "%1")
    local product = c.options.product or path:match("([^/]+)$")
    if not product or not product:find("^[%w_-]+$") or #product > 128 then
        c:usage(("%q is no key of a product; --product KEY names it"):format(product or path))
    end
    local entries = thing.host.list(path)
    if thing.host.stat(path) and (not entries or #entries > 0) then
        fail.raise(fail.CONFLICT, path .. " is there already, and not an empty folder")
    end
    folder.write(path .. "/init.lua", SCRIPT:format(product))
    folder.remember(path, product)
    M.equip(path)
    out.line(("%s/init.lua is a script of product %s. Try it: thingd lua test %s"):format(path,
        product, path))
end

-- `thingd lua stubs`
function M.stubs(c)
    if c.options.out then
        folder.write(c.options.out, manual.stubs(reference))
    else
        out.put(manual.stubs(reference))
    end
end

function M.manual()
    out.put(manual.markdown(reference))
end

return M
