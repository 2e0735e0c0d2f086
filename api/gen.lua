-- SPDX-License-Identifier: Apache-2.0
--
-- Writes the API's description: `lua5.4 api/gen.lua > api/openapi.json` in the root folder. CI
-- compares.
package.path = "./lua/?.lua;./lua/?/init.lua;./?.lua;./?/init.lua;" .. package.path
_G.thing = require "thing.offline"

local jsonio = require "thing.jsonio"
local description = require "api.description"

io.write(jsonio.encode(description.build(require("api.init").routes)), "\n")
