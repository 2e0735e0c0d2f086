-- SPDX-License-Identifier: Apache-2.0
--
-- Connections that `thingd login` keeps: a file of the user's alone with server and token by the
-- name of the profile. { profiles = { default = { server =, token =, ca = } } }
local fail = require "thing.cli.fail"
local jsonio = require "thing.jsonio"

local M = {}

-- $XDG_CONFIG_HOME/thingd/cli.json, else ~/.config/thingd/cli.json; nil without either.
function M.path()
    local base = os.getenv("XDG_CONFIG_HOME")
    local home = os.getenv("HOME")
    if not base or base:sub(1, 1) ~= "/" then
        base = home and home ~= "" and home .. "/.config"
    end
    return base and base .. "/thingd/cli.json"
end

local function read_text(path)
    local st = thing.host.stat(path)
    if not st then
        return nil
    elseif not st.mine or st.mode & tonumber("077", 8) ~= 0 then
        fail.raise(fail.FAILED, path .. " holds tokens and can be read by others",
            "Make it yours alone: chmod 600 " .. path)
    end
    local f, why = io.open(path, "rb")
    if not f then
        fail.raise(fail.FAILED, "cannot read " .. why)
    end
    local body = f:read("a")
    f:close()
    return body
end

-- All profiles by name; an empty table when there is no file.
function M.all()
    local path = M.path()
    local body = path and read_text(path)
    if not body then
        return {}
    end
    local value, why = thing.host.decode(body)
    if type(value) ~= "table" or type(value.profiles) ~= "table" then
        fail.raise(fail.FAILED, path .. " is not a file of `thingd login`"
            .. (value == nil and ": " .. why or ""))
    end
    return value.profiles
end

-- profile nil: forgets it.
function M.keep(name, profile)
    local path = M.path()
    if not path then
        fail.raise(fail.FAILED, "no folder to keep the token in: neither HOME nor "
            .. "XDG_CONFIG_HOME is set")
    end
    local profiles = M.all()
    profiles[name] = profile
    local made, why = thing.host.make_folder(path:match("^(.*)/"))
    if made then
        made, why = thing.host.write_file(path, jsonio.encode { profiles = profiles } .. "\n", true)
    end
    if not made then
        fail.raise(fail.FAILED, "cannot keep the token: " .. why)
    end
    return path
end

return M
