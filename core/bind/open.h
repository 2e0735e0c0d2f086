/* SPDX-License-Identifier: Apache-2.0
 *
 * The openers of the libraries listed in bind.c; each leaves one table. */
#ifndef TH_BIND_OPEN_H
#define TH_BIND_OPEN_H

#include <lua.h>

int th_bind_open_auth(lua_State *L);
int th_bind_open_base64(lua_State *L);
int th_bind_open_bytes(lua_State *L);
int th_bind_open_cbor(lua_State *L);
int th_bind_open_crc(lua_State *L);
int th_bind_open_hash(lua_State *L);
int th_bind_open_hex(lua_State *L);
int th_bind_open_hmac(lua_State *L);
int th_bind_open_json(lua_State *L);
int th_bind_open_log(lua_State *L);
int th_bind_open_stats(lua_State *L);
int th_bind_open_time(lua_State *L);

#endif
