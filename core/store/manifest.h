/* SPDX-License-Identifier: Apache-2.0
 *
 * What a version of a product's script declares: topics of its devices' own, standard topics that it takes as
 * bytes, and the functions it has. It is kept with the version when that is made, so that a worker knows who
 * may say what without running Lua.
 *
 * Topics are filters for what follows {productId}/{deviceId}/. Levels are letters, digits and - _ . : ; the
 * first is neither a wildcard nor a word of the platform's (thing, ota), so that no filter takes in what is
 * not the device's own. */
#ifndef TH_MANIFEST_H
#define TH_MANIFEST_H

#include <stdbool.h>
#include "base/alloc.h"
#include "base/err.h"
#include "base/str.h"

#define TH_TOPICS_MAX 16        /* of a kind */
#define TH_TOPIC_FILTER_MAX 128 /* bytes */
#define TH_TOPIC_MAX 512        /* bytes of one that is sent to */
/* What devices publish has one to three levels: the broker hands exactly these over (cli/broker_config.c), so
 * that the platform's own messages of four levels do not come back. */
#define TH_TOPIC_PUBLISH_LEVELS 3
#define TH_TOPIC_SUBSCRIBE_LEVELS 8

struct th_topics {
    struct th_str list[TH_TOPICS_MAX];
    unsigned count;
};

/* Names as in the script; each is one bit of th_manifest.functions. */
#define TH_FUNCTIONS(X)                                                                                      \
    X(PROPERTY, 0, "on_property")                                                                            \
    X(EVENT, 1, "on_event")                                                                                  \
    X(MESSAGE, 2, "on_message")                                                                              \
    X(CONNECT, 3, "on_connect")                                                                              \
    X(DISCONNECT, 4, "on_disconnect")                                                                        \
    X(AUTH, 5, "on_auth")                                                                                    \
    X(COMMAND, 6, "on_command")                                                                              \
    X(REPLY, 7, "on_reply")

enum th_function {
#define X(id, bit, name) TH_FUNCTION_##id = 1 << (bit),
    TH_FUNCTIONS(X)
#undef X
};

struct th_manifest {
    struct th_arena arena;
    struct th_topics publish, subscribe;
    struct th_topics raw; /* standard topics whose payload goes to on_message as it came; + for a name */
    unsigned functions;   /* bits; of others nothing is known */
    bool known;           /* false: kept before there were manifests; no topics, any functions */
};

/* {"topics": {"publish": [], "subscribe": [], "raw": []}, "functions": []}; unknown functions are left out,
 * an empty object counts as an empty list. On failure m is as after th_manifest_free. */
int th_manifest_read(struct th_manifest *m, struct th_str json, struct th_error *err) TH_MUST_CHECK;
void th_manifest_write(const struct th_manifest *m, struct th_buf *out); /* in that form */
void th_manifest_free(struct th_manifest *m);

/* rest: a topic below {productId}/{deviceId}/. */
bool th_manifest_takes(const struct th_manifest *m, struct th_str rest); /* devices may publish there */
bool th_manifest_is_raw(const struct th_manifest *m, struct th_str rest);
/* filter: a topic, or a filter that takes in nothing but what is declared. */
bool th_manifest_may_hear(const struct th_manifest *m, struct th_str filter);
/* A topic, without wildcards, that devices may hear. */
bool th_manifest_may_send(const struct th_manifest *m, struct th_str topic);
/* May the script have it? */
bool th_manifest_has(const struct th_manifest *m, enum th_function function);

#endif
