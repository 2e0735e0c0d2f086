/* SPDX-License-Identifier: Apache-2.0
 *
 * The live stream: joins a request that the API has let in to the events of store/live.h, as server-sent
 * events. The API decides what a listener may see, says so as a JSON object (the answer's `stream`), and is
 * asked again twice a minute, and at once when rights have changed. On the worker's thread. */
#ifndef TH_HTTP_LIVE_H
#define TH_HTTP_LIVE_H

#include "bind/api_engine.h"
#include "http/req.h"

struct th_live_door;

struct th_live_door *th_live_door_new(struct th_worker *w);
/* Ends all streams. */
void th_live_door_free(struct th_live_door *door);

/* Answers r with a stream. spec: {"kinds": {NAME: true or [product ids]}, "product_id": n or 0, "device": key
 * or "", "owner": key of the subject}. ask() puts the request to the API again. */
void th_live_door_open(struct th_live_door *door, struct th_req *r, struct th_str spec,
    int (*ask)(struct th_req *r, th_api_cb cb, void *arg));

#endif
