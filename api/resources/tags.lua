-- SPDX-License-Identifier: Apache-2.0
--
-- The tags of each product's devices, with how many have them. Counted as devices change.
local db = require "thing.db"
local list = require "thing.list"
local schema = require "thing.schema"
local types = require "api.types"

local TAG = schema.named("Tag", {
    type = "object", required = { "tag", "product", "devices" },
    properties = { tag = types.TAG, product = types.KEY, devices = types.COUNT },
})

local SPEC = {
    from = "device_tag_count t join product p on p.id = t.product_id", id = "t.product_id",
    document = "json_build_object('tag', t.tag, 'product', p.key, 'devices', t.devices)",
    filters = {
        product = { schema = types.KEY, sql = "p.key = ?" },
        prefix = { schema = types.TAG, sql = "t.tag ^@ ?" },
    },
    sorts = { tag = { sql = "t.tag", type = "text" } },
}

return {
    name = "tags", levels = { read = "viewer" },
    routes = {
        {
            method = "GET", path = "/tags", action = "read", id = "tags.list",
            summary = "Tags of each product's devices",
            query = list.parameters(SPEC.filters, SPEC.sorts, "tag"),
            answers = { [200] = { list = TAG } },
            run = function(ctx)
                return list.page(SPEC, ctx.query, function(q)
                    q:where("t.devices > 0")
                    if ctx.scope then
                        q:where("t.product_id = any(?::bigint[])", db.array(ctx.scope))
                    end
                end, ctx)
            end,
        },
    },
}
