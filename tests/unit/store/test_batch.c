/* SPDX-License-Identifier: Apache-2.0
 *
 * Message keys, a device's changes in a batch, and the text of a batch. */
#include "../test.h"
#include "store/batch.h"
#include "store/dead_letter.h"

static struct th_metrics metrics;
static struct th_store store = {.metrics = &metrics};

/* Index 0 is the digest itself; the rows of one report differ, and in their second half only. */
static void test_keys(void)
{
    struct th_message m = {0};
    static unsigned char keys[TH_PAYLOAD_MAX_SAMPLES][TH_DIGEST_LEN];
    for (int i = 0; i < TH_DIGEST_LEN; i++)
        m.digest[i] = (unsigned char)(i * 17);
    for (unsigned i = 0; i < TH_PAYLOAD_MAX_SAMPLES; i++)
        th_message_key(&m, i, keys[i]);
    TH_EQ_BYTES(keys[0], m.digest, TH_DIGEST_LEN);
    unsigned same = 0, head = 0;
    for (unsigned i = 0; i < TH_PAYLOAD_MAX_SAMPLES; i++) {
        head += memcmp(keys[i], m.digest, 8) != 0; /* the payload's half finds a message sent again */
        for (unsigned k = 0; k < i; k++)
            same += memcmp(keys[i], keys[k], TH_DIGEST_LEN) == 0;
    }
    TH_EQ_INT(same, 0);
    TH_EQ_INT(head, 0);
}

static struct th_device *make(int64_t id)
{
    struct th_device *d = th_calloc(1, sizeof *d);
    d->store = &store;
    d->refs = 1;
    d->id = id;
    d->rev = 7;
    th_list_init(&d->waiting);
    th_list_init(&d->uncommitted);
    return d;
}

/* One row per device and batch, written against the revision it was computed from. */
static void test_touch(void)
{
    struct th_batch first, second;
    struct th_device *d = make(1);
    th_batch_init(&first);
    th_batch_init(&second);
    struct th_touch *t = th_batch_touch(&first, d);
    TH_CHECK(th_batch_touch(&first, d) == t && t->rev == 7 && d->rev == 8 && d->refs == 2);
    d->touch = NULL; /* as when the batch is sent */
    struct th_touch *u = th_batch_touch(&second, d);
    TH_CHECK(u != t && u->rev == 8 && d->rev == 9 && d->refs == 3);
    th_batch_reset(&first);
    TH_CHECK(d->touch == u && d->refs == 2);
    th_batch_reset(&second);
    TH_CHECK(d->touch == NULL && d->refs == 1);
    th_arena_free(&first.arena);
    th_arena_free(&second.arena);
    th_device_unref(d);
}

static int occurrences(const char *text, const char *what)
{
    int n = 0;
    for (const char *p = text; (p = strstr(p, what)) != NULL; p++)
        n++;
    return n;
}

/* Two devices, one with a value that wants to leave its literal; a refused message; a dead one. */
static void test_write(void)
{
    struct th_batch b;
    struct th_batch_text text = {0};
    struct th_device *d = make(1), *e = make(2);
    struct th_message refused = {.verdict = TH_VERDICT_REFUSED,
        .dead_reason = TH_DEAD_PAYLOAD,
        .product_key = TH_STR("p'}"),
        .device_key = TH_STR("d\xff")};
    struct th_message dead = {.verdict = TH_VERDICT_DEAD,
        .dead_reason = TH_DEAD_NOT_HOOK,
        .dead_detail = "why",
        .body = TH_STR("{\0}")};
    th_batch_init(&b);
    th_device_report(d, TH_STR("it's"), TH_STR("\"}');drop table device;--\""), 5);
    th_batch_touch(&b, d)->reports = true;
    th_batch_touch(&b, e)->presence = true;
    th_list_push(&b.messages, &refused.link);
    th_list_push(&b.messages, &dead.link);
    th_batch_write(&store, &b, &text);
    TH_EQ_INT(text.ncopies, 1);
    TH_CHECK(th_str_starts(th_buf_view(&text.sql), TH_STR("begin;copy dead_letter")));
    TH_CHECK(th_str_ends(th_buf_view(&text.sql), TH_STR(";commit")));
    TH_EQ_INT(occurrences(text.sql.p, "execute th_state('{1}','{7}',"), 1);
    TH_EQ_INT(occurrences(text.sql.p, "execute th_presence('{2}','{7}',"), 1);
    TH_EQ_INT(occurrences(text.sql.p, "execute th_refused("), 1);
    TH_EQ_INT(occurrences(text.sql.p, "execute th_result("), 0);
    TH_CHECK(strstr(text.sql.p, "'{\"{\\\"it''s\\\":{\\\"v\\\":\\\"}'');drop table device;--\\\",") != NULL);
    TH_CHECK(strstr(text.sql.p, "\"p''}\"") != NULL && strstr(text.sql.p, "\"d?\"") != NULL);
    TH_CHECK(!th_device_property(d, TH_STR("it's"))->changed); /* written once */
    th_list_remove(&refused.link);
    th_list_remove(&dead.link);
    th_batch_reset(&b);
    th_batch_write(&store, &b, &text); /* the buffers are reused */
    TH_EQ_STR(text.sql.p, "begin;commit");
    TH_EQ_INT(text.ncopies, 0);
    th_arena_free(&b.arena);
    th_batch_text_free(&text);
    th_device_unref(d);
    th_device_unref(e);
}

int main(void)
{
    TH_RUN(test_keys);
    TH_RUN(test_touch);
    TH_RUN(test_write);
    return TH_END();
}
