/* SPDX-License-Identifier: Apache-2.0
 *
 * Which devices have messages in the spool, as their owner knows: a table of counts and bytes by device key.
 */
#ifndef TH_SPOOL_HOLDS_H
#define TH_SPOOL_HOLDS_H

#include "base/str.h"

struct th_spool_hold {
    struct th_spool_hold *next;
    int64_t messages, bytes;
    size_t n;
    char key[];
};

struct th_spool_holds {
    struct th_spool_hold **slots;
    size_t nslots, count;
};

struct th_spool_hold *th_spool_holds_find(const struct th_spool_holds *t, struct th_str key);
void th_spool_holds_add(struct th_spool_holds *t, struct th_str key, int64_t messages, int64_t bytes);
/* One message less; the entry goes with its last. */
void th_spool_holds_less(struct th_spool_holds *t, struct th_str key, int64_t bytes);
void th_spool_holds_free(struct th_spool_holds *t);

#endif
