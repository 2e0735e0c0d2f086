/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON as devices and the broker send it. Reading makes a tape: one node per value in document order, each
 * with the bytes it came as, so that a value can be kept or passed on without being written again. The reader
 * refuses what PostgreSQL's jsonb would refuse later (NUL and lone surrogates in text, numbers no double can
 * hold, depth over the limit, invalid UTF-8) and what two readers could understand differently (duplicate
 * members). Built on yajl. */
#ifndef TH_JSON_H
#define TH_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include "base/alloc.h"
#include "base/err.h"
#include "base/str.h"

enum th_json_type {
    TH_JSON_NULL,
    TH_JSON_BOOL,
    TH_JSON_NUMBER,
    TH_JSON_STRING,
    TH_JSON_ARRAY,
    TH_JSON_OBJECT
};

struct th_json_node {
    uint8_t type;
    bool truth;         /* of a boolean */
    bool integer;       /* of a number: fits int64 and was written without fraction or exponent */
    uint32_t count;     /* members of an object, items of an array */
    uint32_t next;      /* index of the node after this one and all below it */
    struct th_str key;  /* decoded name, when the parent is an object */
    struct th_str raw;  /* the value's own bytes inside the text that was read */
    struct th_str text; /* decoded string; a number's digits */
};

struct th_json {
    struct th_arena *arena; /* owns nodes and decoded text; raw points into the caller's text */
    struct th_json_node *nodes;
    uint32_t count;
    uint32_t cap;
    uint32_t max; /* nodes it may have */
};

#define TH_JSON_MAX_DEPTH 64
#define TH_JSON_MAX_NODES 100000

/* Node 0 is the root. text must stay valid as long as the tape is used. Errors: TH_ESYNTAX (not JSON, not
 * UTF-8), TH_EINVAL (refused as said above); err->msg names the reason in words fit for a dead letter. */
int th_json_read(
    struct th_json *j, struct th_arena *arena, struct th_str text, struct th_error *err) TH_MUST_CHECK;

/* For text that may have more values than a message: at most max nodes of some 90 bytes. */
int th_json_read_max(struct th_json *j, struct th_arena *arena, struct th_str text, uint32_t max,
    struct th_error *err) TH_MUST_CHECK;

/* Member of the object at index obj, or NULL. */
const struct th_json_node *th_json_get(const struct th_json *j, uint32_t obj, struct th_str key);
/* The text of a member; empty when it is none. */
struct th_str th_json_text(const struct th_json *j, uint32_t obj, struct th_str key);
static inline uint32_t th_json_index(const struct th_json *j, const struct th_json_node *n)
{
    return (uint32_t)(n - j->nodes);
}
/* for (i = first; i < end; i = j->nodes[i].next) walks the children of node n: first = n + 1, end =
 * nodes[n].next */
#define TH_JSON_EACH(j, n, i) for (uint32_t i = (n) + 1; i < (j)->nodes[n].next; i = (j)->nodes[i].next)

bool th_json_int(const struct th_json_node *n, int64_t *out); /* false unless ->integer */
double th_json_double(const struct th_json_node *n);

/* Writing: pieces into a buffer. */
void th_json_put_str(
    struct th_buf *b, struct th_str s); /* quoted and escaped; invalid UTF-8 becomes U+FFFD */

#endif
