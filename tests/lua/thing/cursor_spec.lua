-- SPDX-License-Identifier: Apache-2.0
local cursor = require "thing.cursor"

describe("cursor", function()
    it("gives back what it was made of", function()
        for _, values in ipairs { { "a", "1" }, { "", "2" }, { "ü\n\"'", "3" },
            { ("x"):rep(1000), "4" } } do
            assert.same(values, cursor.decode("key", cursor.encode("key", values), 2))
        end
    end)

    it("is text for an address", function()
        assert.truthy(cursor.encode("key", { "\255\254 /+?&", "7" }):find("^[%w_-]+$"))
    end)

    it("is refused for another order", function()
        assert.is_nil(cursor.decode("-key", cursor.encode("key", { "a", "1" }), 2))
    end)

    it("is refused when it is damaged", function()
        local whole = cursor.encode("key", { "abc", "1" })
        for _, text in ipairs { "", "!", whole:sub(1, -2), whole .. "AAAA", whole:reverse(),
            ("A"):rep(500) } do
            assert.is_nil(cursor.decode("key", text, 2), text)
        end
    end)

    it("is refused when it has more or fewer values", function()
        assert.is_nil(cursor.decode("key", cursor.encode("key", { "a" }), 2))
        assert.is_nil(cursor.decode("key", cursor.encode("key", { "a", "b", "c" }), 2))
    end)

    it("never gives what PostgreSQL cannot take as text", function()
        assert.is_nil(cursor.decode("key", cursor.encode("key", { "\255" }), 1))
        assert.is_nil(cursor.decode("key", cursor.encode("key", { "a\0b" }), 1))
    end)

    it("codes base64 as others do", function()
        for plain, coded in pairs { [""] = "", f = "Zg", fo = "Zm8", foo = "Zm9v",
            ["\251\255"] = "-_8" } do
            assert.equal(coded, cursor.base64url(plain))
            assert.equal(plain, cursor.unbase64url(coded))
        end
    end)
end)

describe("cursor.base64", function()
    it("is the common form", function()
        for text, written in pairs { [""] = "", a = "YQ==", ab = "YWI=", abc = "YWJj",
            ["\255\254\253"] = "//79", ["\251\240"] = "+/A=" } do
            assert.equal(written, cursor.base64(text))
        end
    end)
end)
