/* SPDX-License-Identifier: Apache-2.0
 *
 * From method and path to what handles them. Built once, read by all workers.
 *
 * A pattern is "/" and segments: literal text, or {name} for one segment, or {name:type} with type
 *     key   1 to 128 of A-Z a-z 0-9 - _ (what th_str_is_key takes)
 *     int   a whole number, 0 to 2^63-1, no leading zeros
 *     text  any text of UTF-8 without control characters, the default
 *     rest  the last of a pattern: one or more segments, with their slashes
 * Where several match, literal wins over key over int over text over rest, segment by segment from the left.
 */
#ifndef TH_ROUTE_H
#define TH_ROUTE_H

#include "base/alloc.h"
#include "base/err.h"
#include "http/req.h"

#define TH_ROUTE_PARAMS 8

struct th_route {
    enum th_method method;
    const char *pattern; /* lives as long as the table */
    const void *target;  /* the owner's; not NULL */
};

struct th_routes;

/* -TH_EINVAL: a pattern is malformed or stands twice for one method; err names it. */
int th_routes_build(
    const struct th_route *routes, size_t n, struct th_routes **out, struct th_error *err) TH_MUST_CHECK;
void th_routes_free(struct th_routes *t);

struct th_route_match {
    const struct th_route *route;
    int nparams;
    struct th_str names[TH_ROUTE_PARAMS];
    struct th_str params[TH_ROUTE_PARAMS]; /* decoded, in the arena given to match */
    unsigned allow; /* with -TH_EFORBIDDEN: a bit per enum th_method that would be taken */
};

/* HEAD finds GET's route. 0; -TH_ENOTFOUND; -TH_EINVAL: the path is malformed (400): bad escapes, control
 * characters, invalid UTF-8, "." or ".." or empty segments (a slash at the end is merely not found), a
 * slash or backslash hidden in an escape; -TH_EFORBIDDEN: the path is known, the method is not (405),
 * out->allow says which are. */
int th_routes_match(const struct th_routes *t, enum th_method method, struct th_str path,
    struct th_arena *arena, struct th_route_match *out) TH_MUST_CHECK;
/* {NULL, 0} when there is no parameter of that name. */
struct th_str th_route_param(const struct th_route_match *m, const char *name);

/* Matches r; when nothing matches answers it (400, 404, 405 with Allow, OPTIONS with Allow) and returns NULL.
 */
const struct th_route *th_route_req(const struct th_routes *t, struct th_req *r, struct th_route_match *out);

/* Strict percent-decoding of one segment: false as said above. */
bool th_path_decode(struct th_str segment, struct th_arena *arena, struct th_str *out);

#endif
