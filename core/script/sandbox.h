/* SPDX-License-Identifier: Apache-2.0
 *
 * The allow-list: what a script can reach, and nothing else. Scripts see libraries only through read-only
 * proxies, have globals of their own each, and get no loader, no debug library, no bytecode, no finalizers,
 * no weak tables and no address of anything. Every C function that loops on an argument is one of ours, with
 * a cap and a look at the budget; strings and tables made by C functions stay under the state's block_max. */
#ifndef TH_SANDBOX_H
#define TH_SANDBOX_H

#include <stdbool.h>
#include <lua.h>

/* Pushes a table with the global functions and libraries of scripts, libraries as they are. The real globals
 * of the state are emptied. Run once per state, inside a protected call. */
int th_sandbox_open(lua_State *L);

/* Replaces the table on top by a read-only view of it; other values stay. Tables inside become views too. */
void th_sandbox_freeze(lua_State *L);
/* The table at index is such a view. */
bool th_sandbox_is_frozen(lua_State *L, int index);

/* Pushes what tostring() gives, without addresses; may call __tostring and __name. Never NULL. */
const char *th_sandbox_tostring(lua_State *L, int index, size_t *len);

/* The longest string that a library function may make; and raises unless one of n bytes may be made. Half of
 * a block: a buffer grows by half before it becomes a string. */
size_t th_sandbox_size_max(lua_State *L);
void th_sandbox_check_size(lua_State *L, size_t n);

/* The libraries; each leaves one table. */
int th_safe_base(lua_State *L);
int th_safe_coroutine(lua_State *L);
int th_safe_string(lua_State *L); /* sets the metatable of strings too */
int th_safe_table(lua_State *L);
int th_safe_utf8(lua_State *L);
int th_safe_math(lua_State *L);
int th_safe_os(lua_State *L);

#endif
