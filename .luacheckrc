-- SPDX-License-Identifier: Apache-2.0
std = "lua54"
max_line_length = 100
read_globals = { "thing" }
files["tests/lua"] = { std = "lua54+busted" }
-- Attacks write what nobody should, one a line.
files["tests/sandbox/attacks"] = { max_line_length = 120, ignore = { "122", "211", "241" } }
