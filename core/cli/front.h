/* SPDX-License-Identifier: Apache-2.0
 *
 * The commands of people are Lua (lua/thing/cli) in one trusted state. Beside Lua's own libraries,
 * thing.json, thing.base64 and thing.hash it has thing.host, whose functions stand here. Failures of the
 * world are nil, message, name of the code.
 *
 *   version             of the program
 *   request(r)          front_http.c
 *   try_script(s), lint_script(s)    front_script.c
 *   watch(folder)       front_watch.c
 *   decode(text, list)  the value of a JSON text of any size; with list, also the texts of the items of its
 *                       member of that name, as they came
 *   programs            names of the programs in C
 *   run(name, words)    runs one and returns its exit status
 *   stat(path)          { kind = "file" | "folder" | "other", mode, size, mine = owned by the user }
 *   list(path)          the names in a folder, sorted
 *   make_folder(path)   with those above it, mode 0700
 *   write_file(path, text, private)   in one piece, or not at all; private: mode 0600
 *   is_terminal(fd), columns(), width(text), now() in ms, sleep(ms)
 *   prompt(text, hidden) asks on the terminal: the line that was typed, nil at its end */
#ifndef TH_CLI_FRONT_H
#define TH_CLI_FRONT_H

#include <lua.h>

/* Each adds its functions to the table on top. */
void th_front_http(lua_State *L);
void th_front_terminal(lua_State *L);
void th_front_script(lua_State *L, const char *home);
void th_front_watch(lua_State *L);

#endif
