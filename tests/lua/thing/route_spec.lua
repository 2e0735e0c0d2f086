-- SPDX-License-Identifier: Apache-2.0
local route = require "thing.route"

describe("route", function()
    local paths = route.new()
    paths:add("GET", "/products", "list")
    paths:add("POST", "/products", "create")
    paths:add("GET", "/products/{product}", "get")
    paths:add("GET", "/products/new", "new")
    paths:add("GET", "/products/{product}/devices/{device}", "device")

    it("finds literal paths before named ones", function()
        assert.equal("list", (paths:match("GET", "/products")))
        assert.equal("new", (paths:match("GET", "/products/new")))
        local found, params = paths:match("GET", "/products/p1/devices/d%2D1")
        assert.equal("device", found)
        assert.same({ product = "p1", device = "d-1" }, params)
    end)

    it("falls back to the name when the literal leads nowhere", function()
        local found, params = paths:match("GET", "/products/new/devices/d")
        assert.equal("device", found)
        assert.equal("new", params.product)
    end)

    it("says which methods a path has", function()
        local found, allowed = paths:match("DELETE", "/products")
        assert.is_nil(found)
        assert.same({ "GET", "POST" }, allowed)
    end)

    it("knows nothing of other paths", function()
        for _, path in ipairs { "", "/", "products", "/products/", "//products",
            "/products/p/devices", "/x" } do
            local found, allowed = paths:match("POST", path)
            assert.is_nil(found, path)
            if path ~= "/products/" then
                assert.is_nil(allowed, path)
            end
        end
    end)

    it("refuses two routes for one place", function()
        assert.has_error(function() paths:add("GET", "/products", "again") end)
        assert.has_error(function() paths:add("GET", "/products/{other}/x", "again") end)
    end)
end)
