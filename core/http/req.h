/* SPDX-License-Identifier: Apache-2.0
 *
 * One HTTP request. It outlives h2o's own: h2o may let go of it at any time (the client has its answer, or is
 * gone), then r->h2o becomes NULL, while operations that hold a reference go on; an answer that comes then is
 * dropped without harm. Everything here is for r->worker's thread only.
 *
 * An HTTP/1.1 client that leaves is noticed only when it is answered; until an answer is given, r->h2o stays.
 */
#ifndef TH_REQ_H
#define TH_REQ_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include "base/alloc.h"
#include "base/err.h"
#include "base/str.h"
#include "io/worker.h"

enum th_method {
    TH_METHOD_GET,
    TH_METHOD_HEAD,
    TH_METHOD_POST,
    TH_METHOD_PUT,
    TH_METHOD_PATCH,
    TH_METHOD_DELETE,
    TH_METHOD_OPTIONS,
    TH_METHOD_COUNT
};
const char *th_method_name(enum th_method m);
bool th_method_of(struct th_str name, enum th_method *out);

#define TH_REQ_ID_MAX 63

struct st_h2o_req_t;
struct th_server;
struct th_stream;

struct th_req {
    struct th_worker *worker;
    struct th_server *server;
    struct st_h2o_req_t *h2o; /* NULL once h2o has let go */
    struct th_arena arena;    /* lives as long as r */
    enum th_method method;
    bool replied;               /* an answer was given; there is no second */
    bool close;                 /* set before the answer: the connection is closed after it */
    int status;                 /* of the answer, 0 before it */
    struct th_str path;         /* before '?', as sent; valid while h2o is not NULL, like all slices below */
    struct th_str query;        /* after '?', as sent */
    char id[TH_REQ_ID_MAX + 1]; /* the client's X-Request-Id when well formed, else 16 hex digits */
    uint64_t started_us;        /* monotonic, when it was complete */
    void *data;                 /* the handler's */
    void (*on_gone)(struct th_req *r); /* the handler's, may be NULL: h2o let go before an answer was given */
    struct th_stream *stream;          /* http/stream.h, when the answer is one */
    int refs;                          /* one is h2o's */
    struct th_req *next_free;
};

void th_req_ref(struct th_req *r);
/* When the last operation lets go of a request that was never answered, it is answered 500. */
void th_req_unref(struct th_req *r);
/* What th_server_start was given. */
void *th_req_arg(const struct th_req *r);

/* ---- what was asked ---- */

/* name in lower case; the first of that name, {NULL, 0} when there is none. content-length,
 * transfer-encoding, expect and upgrade cannot be asked for. */
struct th_str th_req_header(const struct th_req *r, const char *name);
/* Walks all of them: start with *at = 0. Names are in lower case. */
bool th_req_header_next(const struct th_req *r, size_t *at, struct th_str *name, struct th_str *value);
/* Empty when there is none. The view is h2o's; take copies it (NUL-terminated). */
struct th_str th_req_body(const struct th_req *r);
struct th_str th_req_take_body(const struct th_req *r, struct th_arena *arena);
/* The first query parameter of that name, decoded (percent and '+') into r's arena; false when there is none
 * or its escapes are broken. */
bool th_req_query(struct th_req *r, const char *name, struct th_str *out);

/* Who sent it: the address of the connection, or what a believed proxy says it is. The text has no port and
 * is NUL-terminated in r's arena. peer is always the connection's own. */
const char *th_req_client(struct th_req *r);
const struct sockaddr *th_req_peer(const struct th_req *r);
/* It comes from this machine, and nothing says that a proxy here sent it on for someone else. */
bool th_req_is_local(const struct th_req *r);
/* A proxy that is believed says that its side was https. */
bool th_req_is_https(const struct th_req *r);

/* ---- the answer ---- */

/* Before the answer. name is a lower-case constant, value is copied. A value with control characters is
 * dropped and logged. add appends another header of that name. */
void th_req_set_header(struct th_req *r, const char *name, struct th_str value);
void th_req_add_header(struct th_req *r, const char *name, struct th_str value);
void th_req_default_header(struct th_req *r, const char *name, struct th_str value); /* unless it was set */

/* The answer, once; a second one is logged and dropped. type is a constant, NULL for none. The body is
 * copied. HEAD gets the head alone. */
void th_req_reply(struct th_req *r, int status, const char *type, struct th_str body);
/* The body is not copied: it is constant, or lies in r's arena. */
void th_req_reply_static(struct th_req *r, int status, const char *type, struct th_str body);

const char *th_status_reason(int status);
/* The stable `code` of a problem with that status and no better name. */
const char *th_status_code(int status);

#endif
