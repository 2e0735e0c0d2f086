-- SPDX-License-Identifier: Apache-2.0
require "tests.lua.offline"
local fields = require "thing.fields"

local f = fields.new {
    { "key", schema = { type = "string" }, write = "create" },
    { "name", schema = { type = "string" }, write = "always", default = "''" },
    { "size", schema = { type = "integer" }, write = "always" },
    { "tags", schema = { type = "array", items = { type = "string" } }, write = "always",
        default = "'{}'" },
    { "made", schema = { type = "string", format = "date-time" }, column = "created_at" },
    { "online", schema = { type = "boolean" }, sql = "s.online" },
}

describe("fields", function()
    it("read each kind in its form", function()
        assert.equal("json_build_object('key', t.key, 'name', t.name, 'size', t.size, "
            .. "'tags', to_jsonb(t.tags), 'made', th_rfc3339(t.created_at), 'online', s.online)",
            f:document())
    end)

    it("take only what was sent, and only what may be written", function()
        local columns, exprs = f:assignments { size = 1, tags = { "a" }, online = true }
        assert.same({ "size", "tags" }, columns)
        assert.same({ "(b ->> 'size')::bigint",
            "array(select jsonb_array_elements_text(b -> 'tags'))" }, exprs)
    end)

    it("give a removed member its default", function()
        local columns, exprs = f:assignments({ name = "null", size = 2 }, { size = 2 })
        assert.same({ "name", "size" }, columns)
        assert.same({ "''", "(b ->> 'size')::bigint" }, exprs)
    end)

    it("make the schemas", function()
        assert.same({ "key", "made", "name", "online", "size", "tags" }, (function()
            local names = f:schema().required
            table.sort(names)
            return names
        end)())
        assert.is_nil(f:create_schema({ "key" }).properties.online)
        local whole, patch = f:update_schemas()
        assert.same({ "size" }, whole.required)
        assert.is_nil(patch.required)
        assert.is_nil(patch.properties.key)
    end)
end)
