/* SPDX-License-Identifier: Apache-2.0
 *
 * Thing-model topics: {productId}/{deviceId}/thing/{event|service}/{name}/{action} and the older exceptions.
 * One leading slash is accepted. Pure functions. */
#ifndef TH_TOPIC_H
#define TH_TOPIC_H

#include <stdbool.h>
#include "base/str.h"

enum th_topic_kind {
    TH_TOPIC_PROPERTY_POST, /* thing/event/property/post */
    TH_TOPIC_EVENT_POST,    /* thing/event/{name}/post */
    TH_TOPIC_PROPERTY_SET,  /* thing/service/property/set: what the platform sends */
    TH_TOPIC_SET_REPLY,     /* thing/service/property/set_reply */
    TH_TOPIC_SERVICE_CALL,  /* thing/service/{name}/call: what the platform sends */
    TH_TOPIC_SERVICE_REPLY, /* thing/service/{name}/call_reply */
    TH_TOPIC_FILE_UPLOAD,   /* thing/file/upload */
    TH_TOPIC_OTA_VERSION,   /* ota/version */
    TH_TOPIC_FACTORY_GET,   /* thing/factory-metadata/get */
    TH_TOPIC_OWN,           /* anything else below {productId}/{deviceId}/ */
};

struct th_topic {
    enum th_topic_kind kind;
    struct th_str product, device; /* slices of the topic */
    struct th_str rest;            /* what follows {productId}/{deviceId}/ */
    struct th_str name;            /* event type or service */
};

/* False: not {productId}/{deviceId}/something with both of the form of a key. */
bool th_topic_parse(struct th_str text, struct th_topic *t);

/* Of what follows {productId}/{deviceId}/; sets name where the kind has one. */
enum th_topic_kind th_topic_kind(struct th_str rest, struct th_str *name);

/* Whether a device may publish (or subscribe to) this rest: the ACL of the auth answer and of the ACL hook,
 * in one. */
bool th_topic_may_publish(struct th_str rest);
bool th_topic_may_subscribe(struct th_str rest);

#endif
