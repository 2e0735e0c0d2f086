-- SPDX-License-Identifier: Apache-2.0
local query = require "thing.query"

describe("query", function()
    it("puts pieces together and numbers their values", function()
        local q = query.new("device t")
        q:where("t.product_id = ?", 7)
        q:where("t.key = ? or t.name = ?", "a", "b")
        local sql, values = q:sql("t.id", "order by t.id limit ?", 51)
        assert.equal("select t.id from device t where (t.product_id = $1) and "
            .. "(t.key = $2 or t.name = $3) order by t.id limit $4", sql)
        assert.same({ 7, "a", "b", 51, n = 4 }, values)
    end)

    it("keeps null values in their place", function()
        local q = query.new("t")
        q:where("a is not distinct from ? and b = ?", nil, 2)
        local _, values = q:sql("1")
        assert.equal(2, values.n)
        assert.is_nil(values[1])
        assert.equal(2, values[2])
    end)

    it("knows the operator ?", function()
        local q = query.new("t")
        q:where("t.tags ??| ?::text[] and t.j ?? ?", "{a}", "b")
        assert.equal("select 1 from t where (t.tags ?| $1::text[] and t.j ? $2)", (q:sql("1")))
    end)

    it("refuses values that do not fit the piece", function()
        assert.has_error(function() query.new("t"):where("a = ?") end)
        assert.has_error(function() query.new("t"):where("a = 1", 2) end)
    end)
end)
