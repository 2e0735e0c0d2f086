/* SPDX-License-Identifier: Apache-2.0
 *
 * The list of broker nodes as configured: "1=http://10.0.0.1:6060,2=http://10.0.0.2:6060". */
#ifndef TH_BROKER_NODES_H
#define TH_BROKER_NODES_H

#include "base/alloc.h"
#include "base/err.h"
#include "base/str.h"

#define TH_BROKER_NODES_MAX 64

struct th_broker_addresses {
    int n; /* at least 1 */
    struct {
        int number;
        const char *url; /* without a slash at the end */
    } nodes[TH_BROKER_NODES_MAX];
};

int th_broker_nodes_read(struct th_broker_addresses *out, struct th_arena *arena, const char *text,
    struct th_error *err) TH_MUST_CHECK;

#endif
