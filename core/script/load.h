/* SPDX-License-Identifier: Apache-2.0
 *
 * How a generation's scripts get into its state. Used by gen.c alone. */
#ifndef TH_LOAD_H
#define TH_LOAD_H

#include <lua.h>
#include "script/gen.h"

/* What the platform calls of a script, beside what the script calls itself; ends with NULL. */
extern const char *const th_load_entries[];

/* C functions: the libraries, the thing namespace and require(); then, as a call with limits, the sources. */
int th_load_setup(lua_State *L);
int th_load_sources(lua_State *L);

/* For the report of a generation that was not built: the column of a syntax error, and where the compiler was
 * when it was stopped. */
void th_load_find_place(const struct th_gen *gen, struct th_report *r);

#endif
