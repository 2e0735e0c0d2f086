/* SPDX-License-Identifier: Apache-2.0
 *
 * CBOR (RFC 8949) and Lua values; libcbor reads and writes the heads of items. */
#ifndef TH_CBOR_H
#define TH_CBOR_H

#include <lua.h>
#include <stdbool.h>
#include "base/err.h"
#include "base/str.h"

/* Pushes the one item that data holds. Integers stay integers up to 64 bit, larger ones become floats; byte
 * strings and text become strings, null and undefined thing.json.null; arrays carry the array mark; names in
 * maps are text, bytes or integers. Tags are left out. Errors: TH_ESYNTAX (not CBOR, cut off, text that is
 * not UTF-8, another kind of name, a name twice, bytes after the item), TH_ETOOBIG (deeper than
 * TH_JSON_MAX_DEPTH); the stack is then as high as anything. May raise (memory, budget). */
int th_cbor_push(lua_State *L, struct th_str data, struct th_error *err) TH_MUST_CHECK;

/* Appends the value at index, at most TH_CBOR_WRITE_MAX bytes, in the deterministic encoding but for floats,
 * which take 4 or 8 bytes. Strings are text when they are UTF-8, else bytes. Tables with the array mark, or
 * whose keys are 1 to n, are arrays; other tables are maps; no metamethod is called. Errors: TH_EINVAL (a
 * function, a key that is neither string nor integer), TH_ETOOBIG (bytes, depth, memory, more than
 * TH_CBOR_NAMES_MAX names in a map). Raises only when the running call is over its budget. */
int th_cbor_write(lua_State *L, int index, struct th_buf *out, struct th_error *err) TH_MUST_CHECK;
#define TH_CBOR_WRITE_MAX (1u << 20)
#define TH_CBOR_NAMES_MAX 10000

/* Gives the table on top, { bytes }, the mark of a byte string; th_cbor_bytes() tells whether the value at
 * index has it, and pushes nothing. */
void th_cbor_mark_bytes(lua_State *L);
bool th_cbor_bytes(lua_State *L, int index, struct th_str *out);

#endif
