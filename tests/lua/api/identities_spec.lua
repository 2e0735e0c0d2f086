-- SPDX-License-Identifier: Apache-2.0
require "tests.lua.offline"
local identities = require "api.identities"

local function text(mapping)
    local out = {}
    for i, m in ipairs(identities.read_mapping(mapping)) do
        out[i] = m.group .. "|" .. m.role .. "|" .. (m.product or "*")
    end
    return table.concat(out, " ")
end

describe("oidc.roles", function()
    it("says which group has which role", function()
        assert.equal("", text "")
        assert.equal("", text " ; ;")
        assert.equal("staff|viewer|*", text "staff=viewer")
        assert.equal("a|viewer|* b|operator|house", text " a = viewer ; b=operator@house;")
    end)

    it("takes groups of any form", function()
        assert.equal("cn=ops,dc=example|admin|*", text "cn=ops,dc=example=admin")
        assert.equal("/house/IoT admins|admin|*", text "/house/IoT admins=admin")
        assert.equal("a@b|viewer|*", text "a@b=viewer")
    end)

    it("is refused when it is of another form", function()
        for _, wrong in ipairs { "staff", "=viewer", "staff=", "staff=view er", "staff=viewer@",
            "staff=@greenhouse", "staff=viewer@a@b" } do
            local ok, message = pcall(identities.read_mapping, wrong)
            assert.is_false(ok, wrong)
            assert.truthy(message:find("oidc.roles", 1, true))
        end
    end)
end)
