/* SPDX-License-Identifier: Apache-2.0
 *
 * Server-sent events (text/event-stream) on a stream with a cap: a client that does not keep up is cut off,
 * and comes back by itself with Last-Event-ID. A comment goes out when nothing else did for 15 s, so that
 * proxies and both ends notice a dead connection. */
#ifndef TH_SSE_H
#define TH_SSE_H

#include "http/stream.h"

#define TH_SSE_QUIET_MS 15000

struct th_sse;

/* Answers r with an open event stream. cap as in th_stream_opts. on_gone is called once when it is over by
 * other than th_sse_close: the client left or was too slow, or the server drains or stops. NULL when r cannot
 * be answered any more. */
struct th_sse *th_sse_open(struct th_req *r, size_t cap, void (*on_gone)(void *arg), void *arg);

/* The bytes of one event, to be made once and put to many. id and type may be empty; each line of data
 * becomes a data: line. Line ends in id and type are dropped. */
void th_sse_format(struct th_buf *out, struct th_str id, struct th_str type, struct th_str data);
/* -TH_EBUSY: over the cap; the client is cut off, on_gone follows. -TH_ECANCELED: it was over already. */
int th_sse_put(struct th_sse *s, struct th_str event);
int th_sse_send(struct th_sse *s, struct th_str id, struct th_str type, struct th_str data);
/* on_gone is not called. */
void th_sse_close(struct th_sse *s);
/* What the client said it saw last, in r's arena; empty when it said nothing. Read it before th_sse_open
 * returns to the loop. */
struct th_str th_sse_last_id(struct th_req *r);

#endif
