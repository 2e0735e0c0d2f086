/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of the string library, one file each. */
#ifndef TH_SAFE_STRING_H
#define TH_SAFE_STRING_H

#include <lua.h>

/* Positions as Lua's functions take them: from 1 on, negative ones count from the end. */
size_t th_string_start(lua_Integer pos, size_t len);
size_t th_string_end(lua_Integer pos, size_t len);

/* safe_match.c */
int th_string_find(lua_State *L);
int th_string_match(lua_State *L);
int th_string_gmatch(lua_State *L);
int th_string_gsub(lua_State *L);

/* safe_format.c */
int th_string_format(lua_State *L);

#endif
