-- SPDX-License-Identifier: Apache-2.0
require "tests.lua.offline"
local jsonio = require "thing.jsonio"

describe("jsonio", function()
    it("writes members in order, integers as such, arrays as such", function()
        assert.equal('{"a":1,"b":[],"c":{},"d":[1,2.5,"x"],"e":null,"f":true}', jsonio.encode {
            f = true, e = jsonio.null, d = { 1, 2.5, "x" }, c = {}, b = jsonio.array(), a = 1,
        })
        assert.equal("9007199254740993", jsonio.encode(9007199254740993))
        assert.equal("5", jsonio.encode(5.0))
    end)

    it("escapes what must be", function()
        assert.equal('"\\"\\\\\\n\\u0001ü/"', jsonio.encode('"\\\n\1ü/'))
    end)

    it("refuses what JSON has no form for", function()
        assert.has_error(function() jsonio.encode(0 / 0) end)
        assert.has_error(function() jsonio.encode(math.huge) end)
        assert.has_error(function() jsonio.encode(print) end)
    end)

    it("splices objects that are text", function()
        assert.equal('{"a":1,"b":2}', jsonio.splice('{"a":1}', '{"b":2}'))
        assert.equal('{"b":2}', jsonio.splice("{}", '{"b":2}'))
        assert.equal('{"a":1}', jsonio.splice('{"a":1}', "{}"))
    end)
end)
