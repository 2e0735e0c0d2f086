-- SPDX-License-Identifier: Apache-2.0
local json_rows = require "thing.json_rows"

local function read(text, options, size)
    local r, out = json_rows.reader(options), {}
    local ok, e = pcall(function()
        for at = 1, #text, size do
            r:feed(text:sub(at, at + size - 1))
            for row, line, offset in function() return r:next() end do
                out[#out + 1] = { row, line, offset }
            end
        end
        r:finish()
        for row, line, offset in function() return r:next() end do
            out[#out + 1] = { row, line, offset }
        end
    end)
    return ok and out or e
end

local function all(text, options)
    local whole = read(text, options, #text + 1)
    for size = 1, 7 do
        assert.same(whole, read(text, options, size))
    end
    return whole
end

local function texts(rows)
    local out = {}
    for i, r in ipairs(rows) do
        out[i] = r[1]
    end
    return out
end

describe("json_rows", function()
    it("takes objects out of an array and out of lines", function()
        local wanted = { '{"a":"}\\"{"}', "{}", '{"b":[{"c":1}]}' }
        assert.same(wanted, texts(all("[" .. table.concat(wanted, " ,\n") .. "]\n")))
        assert.same(wanted, texts(all("\xef\xbb\xbf" .. table.concat(wanted, "\n\n"))))
        assert.same({}, all("[]"))
        assert.same({}, all(" \n"))
    end)

    it("says lines and offsets, from which reading can go on", function()
        for _, text in ipairs { '[{"a":1},\n{"b":\n2},\n{"c":3}]',
            '{"a":1}\n{"b":\n2}\n{"c":3}\n' } do
            local rows = all(text)
            assert.same({ 1, 2, 4 }, { rows[1][2], rows[2][2], rows[3][2] })
            for i = 2, 3 do
                local rest = all(text:sub(rows[i][3] + 1), { offset = rows[i][3],
                    line = rows[i][2], array = text:sub(1, 1) == "[" })
                assert.equal(4 - i, #rest)
                assert.same(rows[i], rest[1])
            end
        end
    end)

    it("says what is no row, and in which line", function()
        for text, wanted in pairs {
            ['[{"a":1}'] = "not closed", ['[{"a":1}]\nx'] = "follows", ["[\n7]"] = "is an object",
            ['{"a":1}\n{"b"'] = "not closed", ["x"] = "is an object",
        } do
            local e = all(text)
            assert.truthy(e.message:find(wanted), text .. ": " .. tostring(e.message))
            assert.truthy(e.line == 1 or e.line == 2)
        end
    end)

    it("does not gather a forgotten brace for ever", function()
        local e = read('{"a":' .. ("1,"):rep(json_rows.RECORD_MAX), nil, 65536)
        assert.truthy(e.message:find("is a brace or a quote missing"))
    end)
end)
