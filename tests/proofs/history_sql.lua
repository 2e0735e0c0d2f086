-- SPDX-License-Identifier: Apache-2.0
--
-- Prints, as a JSON list, the statement that the API's history resource runs for a query, and the
-- values of its parameters:
--
--   lua5.4 tests/proofs/history_sql.lua DEVICE '{"from":...,"bucket":"1h",...}'
_G.thing = require "thing.offline"

local cjson = require "cjson"

local asked
package.loaded["thing.db"] = {
    array = require("thing.db").array,
    rows_of = function(sql, values)
        values.n = nil
        asked = { sql, values }
        return {}
    end,
}

local params = cjson.decode(arg[2])
local ctx = { device = { id = math.tointeger(arg[1]) }, query = params }
local route = require("api.resources.history").routes[1]
params.order, params.limit = params.order or "desc", params.limit or 10000
params.aggregate = params.aggregate or route.query.aggregate.default
route.run(ctx)
print(cjson.encode(asked))
