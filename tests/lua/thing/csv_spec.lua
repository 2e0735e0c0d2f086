-- SPDX-License-Identifier: Apache-2.0
local csv = require "thing.csv"

-- Records of a text that comes in pieces of `size` bytes, with line and offset, or the fault.
local function read(text, options, size)
    local r, out = csv.reader(options), {}
    local ok, e = pcall(function()
        for at = 1, #text, size do
            r:feed(text:sub(at, at + size - 1))
            for fields, line, offset in function() return r:next() end do
                out[#out + 1] = { fields, line, offset }
            end
        end
        r:finish()
        for fields, line, offset in function() return r:next() end do
            out[#out + 1] = { fields, line, offset }
        end
    end)
    return ok and out or e
end

-- The same however it is cut.
local function all(text, options)
    local whole = read(text, options, #text + 1)
    for size = 1, 7 do
        assert.same(whole, read(text, options, size))
    end
    return whole
end

local function fields(records)
    local out = {}
    for i, r in ipairs(records) do
        r[1].n = nil
        out[i] = r[1]
    end
    return out
end

describe("csv", function()
    it("reads quotes, doubled quotes, delimiters and line ends inside of them", function()
        assert.same({ { "a", "b,c", 'd"e', "", "f\r\ng" }, { "", "x" } },
            fields(all('a,"b,c","d""e","","f\r\ng"\r\n,x')))
    end)

    it("passes over a byte order mark and empty lines, and needs no end of line", function()
        assert.same({ { "a" }, { "b" } }, fields(all("\xef\xbb\xbfa\n\n\r\nb")))
        assert.same({}, all(""))
        assert.same({ { "a", "" } }, fields(all("a,")))
    end)

    it("says lines and offsets, from which reading can go on", function()
        local text = 'h,i\r\n"a\nb",c\r\n\r\nd,e\r\n'
        local records = all(text)
        assert.same({ 1, 2, 5 }, { records[1][2], records[2][2], records[3][2] })
        for i, r in ipairs(records) do
            local rest = all(text:sub(r[3] + 1), { offset = r[3], line = r[2] })
            assert.equal(#records - i + 1, #rest)
            assert.same(r, rest[1])
        end
    end)

    it("takes other delimiters", function()
        assert.same({ { "a,b", "c" } }, fields(all("a,b;c\n", { delimiter = ";" })))
        assert.same({ { "a", "b" } }, fields(all("a\tb\n", { delimiter = "\t" })))
    end)

    it("says what is no CSV, and in which line", function()
        for text, wanted in pairs {
            ['a\n"b\n'] = "is opened", ['a\nb"c\n'] = "stands inside", ['a\n"b"c\n'] = "follows",
            ["a\nb\rc"] = "stands alone", ['a\n"b"\rc'] = "stands alone",
        } do
            local e = all(text)
            assert.truthy(e.message:find(wanted), e.message)
            assert.truthy(e.line == 2 or e.line == 3)
        end
        assert.truthy(all("\xff\xfea\0\n\0").message:find("UTF%-16"))
    end)

    it("does not gather a forgotten quote for ever", function()
        local e = read('a\n"' .. ("x\n"):rep(csv.RECORD_MAX), nil, 65536)
        assert.truthy(e.message:find("is a quote missing"))
    end)
end)
