/* SPDX-License-Identifier: Apache-2.0
 *
 * An answer that is given piece by piece: exports, live streams. What the client has not yet taken is kept up
 * to a cap in bytes; over it nothing more is taken, and the producer waits for on_ready (or gives the client
 * up). All on r->worker's thread; callbacks come from the loop, never from inside the calls below. */
#ifndef TH_STREAM_H
#define TH_STREAM_H

#include "http/req.h"

struct th_stream_opts {
    size_t cap; /* bytes kept for the client; 0: 256 KiB */
    void *arg;
    /* After a put was refused: all that was kept has been sent. May be NULL. */
    void (*on_ready)(void *arg);
    /* The stream is over without th_stream_end or abort having been called: the client left, was too slow, or
     * the server stops. Nothing may be put any more. Called once. */
    void (*on_gone)(void *arg);
    /* The server drains: end soon. NULL: the stream is ended cleanly at once, and on_gone is called. */
    void (*on_drain)(void *arg);
};

struct th_stream;

/* The answer's head goes out with the first piece. The stream is freed when h2o lets go of r: after its end
 * has been sent, after th_stream_abort, or with on_gone; until then it is kept without a reference. opts are
 * copied. NULL when r was answered before or the client has gone already: on_gone is not called then. */
struct th_stream *th_stream_begin(
    struct th_req *r, int status, const char *type, const struct th_stream_opts *opts);
/* Copies data. -TH_EBUSY: it does not fit now, nothing was taken (a piece larger than the cap is taken when
 * nothing else is kept). -TH_ECANCELED: over. */
int th_stream_put(struct th_stream *s, struct th_str data) TH_MUST_CHECK;
/* Bytes that the client has not yet taken. */
size_t th_stream_kept(const struct th_stream *s);
/* The end; what is kept still goes out. s must not be used afterwards. */
void th_stream_end(struct th_stream *s);
/* The answer stays visibly incomplete: the connection is cut. */
void th_stream_abort(struct th_stream *s);

#endif
