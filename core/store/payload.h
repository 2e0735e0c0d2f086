/* SPDX-License-Identifier: Apache-2.0
 *
 * What a device says in a payload (the device protocol's section 3): {"id", "params", "ack", "time"?}, read
 * leniently. Times: ms or RFC 3339; one too far from the broker's is replaced by it. */
#ifndef TH_PAYLOAD_H
#define TH_PAYLOAD_H

#include <stdbool.h>
#include <stdint.h>
#include "base/json.h"

struct th_sample {
    int64_t time;  /* ms */
    uint32_t node; /* its params on the tape */
    bool clock_replaced;
};

struct th_payload {
    struct th_json json; /* tape of the payload */
    struct th_str id;    /* text; a number's digits; only when has_id */
    bool has_id;
    bool ack;
    uint32_t params;           /* node on the tape; 0: missing or null */
    struct th_sample *samples; /* of a property report: at least one */
    unsigned nsamples;
    int64_t code; /* of a reply */
};

struct th_payload_limits {
    int64_t now;                 /* the broker's time of the message */
    int64_t ahead_ms, behind_ms; /* outside, the report's own time is replaced */
};

#define TH_PAYLOAD_MAX_SAMPLES 1000

/* Reads id, ack and params of any request or reply. Also on failure, id is set when it could be read. */
int th_payload_read(
    struct th_payload *r, struct th_arena *arena, struct th_str payload, struct th_error *err) TH_MUST_CHECK;
/* Further, for property reports: params is an object, or an array of {time, params}. */
int th_payload_samples(struct th_payload *r, struct th_arena *arena, const struct th_payload_limits *limits,
    struct th_error *err) TH_MUST_CHECK;
/* Further, for events: one sample, params of any type but null. */
int th_payload_event(struct th_payload *r, struct th_arena *arena, const struct th_payload_limits *limits,
    struct th_error *err) TH_MUST_CHECK;

#endif
