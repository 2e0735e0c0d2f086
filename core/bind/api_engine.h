/* SPDX-License-Identifier: Apache-2.0
 *
 * The admin API's Lua: one trusted state per worker, loaded from `home`/api/init.lua, a coroutine per
 * request. It knows nothing of HTTP's wire: a request comes as a table, an answer goes back as one, and the
 * listener above joins both. A request whose client has gone runs to its end, so a change is never left half
 * told; its answer is dropped. */
#ifndef TH_API_ENGINE_H
#define TH_API_ENGINE_H

#include <stdbool.h>
#include "base/err.h"
#include "base/str.h"
#include "io/worker.h"

struct th_api_header {
    struct th_str name, value;
};

struct th_api_request {
    struct th_str method;
    struct th_str path;  /* without the query, as it came (percent-encoded) */
    struct th_str query; /* behind '?', empty when there is none */
    struct th_str body;
    struct th_str id;   /* of the request, for log, audit and problems */
    struct th_str peer; /* the client's address */
    bool loopback;      /* the connection comes from this machine */
    const struct th_api_header *headers;
    unsigned nheaders;
};

/* An answer that is given piece by piece, because its length has no bound. The engine hands it over with the
 * answer; the listener fills in put, end and arg when it takes the answer so (else the answer is dropped). On
 * the worker's thread. */
struct th_api_pieces {
    /* 0; -TH_EBUSY: there is no room, th_api_pieces_ready() follows; -TH_ECANCELED: over. */
    int (*put)(void *arg, struct th_str piece);
    /* The last call. Not good: the client must see that the answer is incomplete. */
    void (*end)(void *arg, bool good);
    void *arg;
    bool waiting; /* the engine's */
};
void th_api_pieces_ready(struct th_api_pieces *p);
/* The client has gone; p must not be used afterwards, and neither put nor end are called. */
void th_api_pieces_gone(struct th_api_pieces *p);

struct th_api_answer { /* valid during the callback */
    int status;
    struct th_str body;
    const struct th_api_header *headers; /* names in lower case; one may come several times */
    unsigned nheaders;
    struct th_str stream; /* p not NULL: instead of a body, a live stream of this form (http/live.h) */
    struct th_api_pieces *pieces; /* not NULL: instead of a body */
};

typedef void (*th_api_cb)(void *arg, const struct th_api_answer *a);

/* Needs the query connections (io/pg.h) and the store. Start fails when the Lua does not load. */
extern const struct th_worker_part th_api_part;

/* Everything in *r is copied. Returns 0, and cb is called exactly once, from inside this call or later from
 * the loop; or -TH_EBUSY (too many under way) or -TH_EUNAVAIL (draining), and it is not called. */
int th_api_call(struct th_worker *w, const struct th_api_request *r, th_api_cb cb, void *arg) TH_MUST_CHECK;

#endif
