/* SPDX-License-Identifier: Apache-2.0 */
#include "store/pending.h"

#include "store/effect.h"

struct th_pending_key {
    struct th_pending_key *next;
    size_t n;
    char text[];
};

static struct th_pending_key **at(const struct th_pending *p, struct th_str key)
{
    struct th_pending_key **k = (struct th_pending_key **)&p->keys;
    while (*k != NULL && !th_str_eq((struct th_str){(*k)->text, (*k)->n}, key))
        k = &(*k)->next;
    return k;
}

static void add(struct th_pending *p, struct th_str key)
{
    if (key.p != NULL) {
        if (*at(p, key) != NULL)
            return;
        struct th_pending_key *k = th_alloc(sizeof *k + key.n);
        k->next = p->keys;
        k->n = key.n;
        memcpy(k->text, key.p, key.n);
        p->keys = k;
    }
    p->count++;
}

void th_pending_done(struct th_pending *p, struct th_str key)
{
    struct th_pending_key **k = key.p != NULL ? at(p, key) : NULL;
    if (k != NULL) {
        struct th_pending_key *gone = *k;
        if (gone == NULL)
            return;
        *k = gone->next;
        th_free(gone);
    }
    if (p->count > 0)
        p->count--;
}

void th_pending_read(struct th_pending *p, struct th_str json)
{
    struct th_arena arena;
    struct th_json j;
    *p = (struct th_pending){0};
    th_arena_init(&arena);
    if (th_json_read(&j, &arena, json, NULL) == 0) {
        TH_JSON_EACH (&j, 0, i) {
            add(p, j.nodes[i].type == TH_JSON_STRING ? j.nodes[i].text : (struct th_str){NULL, 0});
        }
    }
    th_arena_free(&arena);
}

void th_pending_free(struct th_pending *p)
{
    for (struct th_pending_key *k = p->keys, *next; k != NULL; k = next) {
        next = k->next;
        th_free(k);
    }
    *p = (struct th_pending){0};
}

void th_pending_apply(struct th_pending *p, const struct th_effect *e)
{
    if (e->later.name.p != NULL)
        add(p, e->later.key);
    else
        th_pending_done(p, e->later.key);
}

/* Whether the key waits before effect `end` of the message. */
static bool waits(const struct th_pending *p, const struct th_effect *effects, const struct th_effect *end)
{
    bool there = *at(p, end->later.key) != NULL;
    for (const struct th_effect *e = effects; e != end; e = e->next)
        if (e->kind == TH_EFFECT_LATER && e->later.key.p != NULL && th_str_eq(e->later.key, end->later.key))
            there = e->later.name.p != NULL;
    return there;
}

unsigned th_pending_after(const struct th_pending *p, const struct th_effect *effects)
{
    unsigned n = p->count;
    for (const struct th_effect *e = effects; e != NULL; e = e->next) {
        if (e->kind != TH_EFFECT_LATER)
            continue;
        bool there = e->later.key.p != NULL && waits(p, effects, e);
        if (e->later.name.p == NULL)
            n -= there;
        else
            n += !there;
    }
    return n;
}
