-- SPDX-License-Identifier: Apache-2.0
local manual = require "thing.manual"
local reference = require "thing.reference"

describe("the stubs", function()
    local text = manual.stubs(reference)

    it("are Lua, and name every function with its arguments", function()
        local environment = {}
        assert(load(text, "=stubs", "t", environment))()
        for _, section in ipairs(reference) do
            local part = environment.thing
            for key in section.name:gmatch("%.(%w+)") do
                part = part[key]
            end
            for _, f in ipairs(section.functions) do
                local called = f.signature:sub(1, 1) == "("
                assert.equal(called and "function" or "nil", type(part[f.name]),
                    section.name .. "." .. f.name)
                if called then
                    local info = debug.getinfo(part[f.name], "u")
                    assert.equal(f.signature:find("...: any)", 1, true) ~= nil, info.isvararg)
                end
            end
        end
    end)

    it("tell the types of arguments and results", function()
        for _, line in ipairs {
            "---@param params table<string, any>\n---@param time? integer\n"
                .. "function thing.store(params, time) end",
            "---@param format string\n---@param data string\n---@param pos? integer\n"
                .. "---@return ...any\nfunction thing.bytes.unpack(format, data, pos) end",
            "---@param result {id?: string, ids?: integer[], code: integer, data?: any}\n"
                .. "function thing.result(result) end",
            "---@field on_property? (fun(msg: thing.Report, device: thing.Device): "
                .. "table|false|nil, string?) ",
            "---@field id? string What the device calls the message.",
        } do
            assert(text:find(line, 1, true), line)
        end
    end)
end)

describe("the manual", function()
    it("has every function, handler and type", function()
        local text = manual.markdown(reference)
        for _, section in ipairs(reference) do
            for _, f in ipairs(section.functions) do
                assert(text:find("\n### " .. section.name .. "." .. f.name .. "\n", 1, true))
            end
        end
        for _, h in ipairs(reference.handlers) do
            assert(text:find("\n### " .. h.name .. "\n", 1, true))
        end
        for _, t in ipairs(reference.types) do
            assert(text:find("\n### " .. t.name .. "\n", 1, true))
        end
    end)
end)
