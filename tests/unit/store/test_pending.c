/* SPDX-License-Identifier: Apache-2.0 */
#include "store/pending.h"

#include "../test.h"
#include "store/message.h"

static struct th_message m;

static void later(const char *key, const char *name)
{
    struct th_effect *e = th_message_effect(&m, TH_EFFECT_LATER);
    e->later.key = th_str(key);
    e->later.name = th_str(name);
}

static void begin(void)
{
    th_arena_reset(&m.arena);
    m.effects = NULL;
    m.effects_tail = &m.effects;
}

static void apply(struct th_pending *p)
{
    for (const struct th_effect *e = m.effects; e != NULL; e = e->next)
        if (e->kind == TH_EFFECT_LATER)
            th_pending_apply(p, e);
}

static void test_read(void)
{
    struct th_pending p;
    th_pending_read(&p, TH_STR("[null,\"a\",null,\"b\"]"));
    TH_EQ_INT(p.count, 4);
    th_pending_done(&p, TH_STR("a"));
    th_pending_done(&p, TH_STR("never"));
    th_pending_done(&p, (struct th_str){NULL, 0});
    TH_EQ_INT(p.count, 2);
    th_pending_free(&p);
    TH_EQ_INT(p.count, 0);
    th_pending_done(&p, (struct th_str){NULL, 0});
    TH_EQ_INT(p.count, 0);
    th_pending_read(&p, TH_STR("no json"));
    TH_EQ_INT(p.count, 0);
}

static void test_foretold_is_what_comes(void)
{
    static const struct {
        const char *key[4], *name[4];
        int n;
        unsigned after;
    } all[] = {
        {{"a"}, {"f"}, 1, 2},                                 /* in its place */
        {{"new"}, {"f"}, 1, 3},                               /* one more */
        {{NULL, NULL}, {"f", "f"}, 2, 4},                     /* without keys */
        {{"a"}, {NULL}, 1, 1},                                /* taken back */
        {{"none"}, {NULL}, 1, 2},                             /* nothing to take back */
        {{"a", "a", "a"}, {NULL, NULL, "f"}, 3, 2},           /* back and again */
        {{"b", "b", "b", "b"}, {"f", "f", NULL, NULL}, 4, 2}, /* again and back */
    };
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        struct th_pending p;
        th_pending_read(&p, TH_STR("[null,\"a\"]"));
        begin();
        th_message_effect(&m, TH_EFFECT_EVENT);
        for (int k = 0; k < all[i].n; k++)
            later(all[i].key[k], all[i].name[k]);
        TH_ROW("row %zu", i);
        TH_EQ_INT(th_pending_after(&p, m.effects), all[i].after);
        apply(&p);
        TH_EQ_INT(p.count, all[i].after);
        th_pending_free(&p);
    }
}

int main(void)
{
    th_arena_init(&m.arena);
    TH_RUN(test_read);
    TH_RUN(test_foretold_is_what_comes);
    th_arena_free(&m.arena);
    return TH_END();
}
