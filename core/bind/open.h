/* SPDX-License-Identifier: Apache-2.0
 *
 * The openers of the libraries listed in bind.c; each leaves one table. */
#ifndef TH_BIND_OPEN_H
#define TH_BIND_OPEN_H

#include <lua.h>

int th_bind_open_json(lua_State *L);

#endif
