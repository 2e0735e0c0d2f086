-- SPDX-License-Identifier: Apache-2.0
std = "lua54"
max_line_length = 100
read_globals = { "thing" }
files["tests/lua"] = { std = "lua54+busted" }
