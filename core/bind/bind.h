/* SPDX-License-Identifier: Apache-2.0
 *
 * What every binding of the thing namespace uses. A binding is a file l_NAME.c with static functions, their
 * table at the bottom and one th_bind_open_NAME(), listed in bind.c. Programmer's mistakes are raised;
 * failures of the world are returned as nil, message, code. */
#ifndef TH_BIND_H
#define TH_BIND_H

#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "script/gen.h"

/* Libraries without effects: json, cbor, base64, hex, bytes, crc, hash, stats, time, log. For
 * th_gen_spec.bindings.
 */
extern const struct th_binding th_bind_pure[];

/* Raises unless the running call is in one of the phases: "thing.command is not available in phase rule". */
void th_bind_phase(lua_State *L, unsigned phases, const char *function);

/* return th_bind_fail(L, -TH_ENOTFOUND, "no device %s", key); pushes nil, message, name of the code. */
int th_bind_fail(lua_State *L, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The same from an error already filled. */
int th_bind_error(lua_State *L, const struct th_error *err);

/* Arguments. The slices stay valid while the value is on the stack. */
struct th_str th_bind_str(lua_State *L, int arg);
struct th_str th_bind_str_max(lua_State *L, int arg, size_t max); /* raises when longer */
lua_Integer th_bind_int(lua_State *L, int arg, lua_Integer min, lua_Integer max);
/* A field of the table at index (raw, no metamethod): pushes nothing; false when it is nil. Raises on a wrong
 * type, naming the field. */
bool th_bind_field_str(lua_State *L, int index, const char *name, struct th_str *out);
bool th_bind_field_int(lua_State *L, int index, const char *name, int64_t *out);
bool th_bind_field_bool(lua_State *L, int index, const char *name, bool *out);

/* Marks: a metatable that scripts cannot look into, one for each key, whose address names it in the registry.
 * Pushes it, made when it is not there yet; name: what luaL_tolstring() says of a table that has it. */
void th_bind_push_mark(lua_State *L, const void *key, const char *name);
/* Whether the value at index has it. */
bool th_bind_has_mark(lua_State *L, int index, const void *key);

/* A function of the library: the text that write makes of the first argument. */
int th_bind_encode(
    lua_State *L, int (*write)(lua_State *L, int index, struct th_buf *out, struct th_error *err));

/* Pushes thing.json.null. */
void th_bind_push_null(lua_State *L);
bool th_bind_is_null(lua_State *L, int index);

/* Pushes the value at node: integers stay integers up to 64 bit, null is thing.json.null, arrays carry
 * the array mark. May raise (memory, budget). */
void th_json_push(lua_State *L, const struct th_json *j, uint32_t node);

/* Appends the value at index as JSON, at most TH_JSON_WRITE_MAX bytes. Tables with the array mark, or whose
 * keys are 1 to n, are arrays; other tables must have text keys; an empty table is an object. No metamethod
 * is called. Errors: TH_EINVAL (what JSON cannot hold: a function, NaN, mixed keys, text with NUL),
 * TH_ETOOBIG (bytes, or depth over TH_JSON_MAX_DEPTH); out then ends in the middle. Raises only when the
 * running call is over its budget. */
int th_json_write(lua_State *L, int index, struct th_buf *out, struct th_error *err) TH_MUST_CHECK;
#define TH_JSON_WRITE_MAX (1u << 20)

/* Gives the table on top the array mark; whether the table at index has it. */
void th_json_mark_array(lua_State *L);
bool th_json_is_marked(lua_State *L, int index);
/* Whether the keys are exactly 1 to n: n entries, all of them integers in that range. May raise (budget). */
bool th_json_is_sequence(lua_State *L, int index, lua_Integer n);

#endif
