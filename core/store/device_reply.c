/* SPDX-License-Identifier: Apache-2.0 */
#include "io/broker.h"
#include "store/device_reply.h"

static void on_published(void *arg, int code)
{
    struct th_store *s = arg;
    if (code == 0)
        th_count(s->metrics, replies);
    else
        th_count(s->metrics, replies_dropped);
}

void th_reply_send(struct th_store *s, int node, struct th_str topic, struct th_str payload)
{
    struct th_publish p = {.node = node, .topic = topic, .payload = payload, .qos = 2};
    if (th_broker_publish(s->w, &p, on_published, s) != 0)
        th_count(s->metrics, replies_dropped);
}
