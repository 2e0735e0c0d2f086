/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"
#include "store/spool_holds.h"

static struct th_spool_hold **slot_of(const struct th_spool_holds *t, struct th_str key)
{
    uint64_t h = th_str_hash_keyed(key);
    return &t->slots[(h ^ h >> 29) & (t->nslots - 1)];
}

struct th_spool_hold *th_spool_holds_find(const struct th_spool_holds *t, struct th_str key)
{
    if (t->count == 0)
        return NULL;
    struct th_spool_hold *h = *slot_of(t, key);
    while (h != NULL && !th_str_eq((struct th_str){h->key, h->n}, key))
        h = h->next;
    return h;
}

static void grow(struct th_spool_holds *t)
{
    struct th_spool_holds bigger = {.nslots = t->nslots == 0 ? 64 : t->nslots * 2, .count = t->count};
    bigger.slots = th_calloc(bigger.nslots, sizeof *bigger.slots);
    for (size_t i = 0; i < t->nslots; i++) {
        for (struct th_spool_hold *h = t->slots[i], *next; h != NULL; h = next) {
            next = h->next;
            struct th_spool_hold **slot = slot_of(&bigger, (struct th_str){h->key, h->n});
            h->next = *slot;
            *slot = h;
        }
    }
    th_free(t->slots);
    *t = bigger;
}

void th_spool_holds_add(struct th_spool_holds *t, struct th_str key, int64_t messages, int64_t bytes)
{
    struct th_spool_hold *h = th_spool_holds_find(t, key);
    if (h == NULL) {
        if (t->count >= t->nslots)
            grow(t);
        h = th_calloc(1, sizeof *h + key.n);
        memcpy(h->key, key.p, key.n);
        h->n = key.n;
        struct th_spool_hold **slot = slot_of(t, key);
        h->next = *slot;
        *slot = h;
        t->count++;
    }
    h->messages += messages;
    h->bytes += bytes;
}

void th_spool_holds_less(struct th_spool_holds *t, struct th_str key, int64_t bytes)
{
    struct th_spool_hold *h = th_spool_holds_find(t, key);
    if (h == NULL)
        return;
    h->bytes -= bytes;
    if (--h->messages > 0)
        return;
    struct th_spool_hold **at = slot_of(t, key);
    while (*at != h)
        at = &(*at)->next;
    *at = h->next;
    t->count--;
    th_free(h);
}

void th_spool_holds_free(struct th_spool_holds *t)
{
    for (size_t i = 0; i < t->nslots; i++) {
        for (struct th_spool_hold *h = t->slots[i], *next; h != NULL; h = next) {
            next = h->next;
            th_free(h);
        }
    }
    th_free(t->slots);
    *t = (struct th_spool_holds){0};
}
