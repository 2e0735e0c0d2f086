-- SPDX-License-Identifier: Apache-2.0
--
-- For specs of the API's pure modules: `thing` as far as it exists without a server.
_G.thing = _G.thing or require "thing.offline"
