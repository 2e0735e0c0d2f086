/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether a device is online, from connect and disconnect hooks that come in any order. A connection is known
 * by its remote address and port, which both hooks carry; times are the broker's. So a disconnect speaks only
 * of its own connection: in a takeover the old one's disconnect never marks the new one offline, whichever
 * hook comes first. Pure functions. */
#ifndef TH_PRESENCE_H
#define TH_PRESENCE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/str.h"

#define TH_ADDRESS_LEN 64 /* [v6]:port and NUL */

struct th_presence {
    bool online;
    int node;             /* of the connection presence speaks of; 0 none */
    int64_t connected_at; /* ms; 0 never */
    char address[TH_ADDRESS_LEN];
    int64_t left_at; /* the last connection known to have ended */
    char left_address[TH_ADDRESS_LEN];
};

/* True when something changed. Addresses longer than the field are cut. */
bool th_presence_connected(struct th_presence *p, int64_t at, int node, struct th_str address);
bool th_presence_disconnected(struct th_presence *p, int64_t at, int node, struct th_str address);

#endif
