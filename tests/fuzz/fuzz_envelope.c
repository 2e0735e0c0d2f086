/* SPDX-License-Identifier: Apache-2.0
 *
 * A whole hook body on its way to a message that its device's worker would take: envelope, identity,
 * ownership, topic, payload. What is not dead belongs to who sent it. */
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "fuzz.h"
#include "hook/envelope.h"
#include "hook/interpret.h"
#include "hook/identity.h"
#include "json_grammar.h"
#include "store/dead_letter.h"

#define YEAR_2000_MS 946684800000LL
#define DAY_MS 86400000LL

static struct th_conf *conf;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct th_error err;
    th_log_init(TH_LOG_ERROR, false);
    TH_FUZZ_CHECK(th_conf_load(&conf, NULL, &err) == 0);
    return 0;
}

/* What goes into the columns of a dead letter is text that PostgreSQL takes. */
static void check_column(struct th_str text)
{
    static struct th_buf scratch;
    struct th_str column = th_dead_letter_text(&scratch, text);
    TH_FUZZ_CHECK(column.n <= 1000 && th_str_is_utf8(column));
    TH_FUZZ_CHECK(column.n == 0 || memchr(column.p, 0, column.n) == NULL);
}

static void check_reply(const struct th_message *m)
{
    for (const struct th_effect *e = m->effects; e != NULL; e = e->next) {
        struct th_topic t;
        TH_FUZZ_CHECK(e->kind == TH_EFFECT_REPLY && m->parsed.has_id);
        TH_FUZZ_CHECK(grammar_is_json(e->reply.payload));
        TH_FUZZ_CHECK(th_topic_parse(e->reply.topic, &t) && th_str_eq(t.device, m->device_key));
        TH_FUZZ_CHECK(th_topic_may_subscribe(t.rest));
    }
}

static void check_alive(const struct th_message *m)
{
    if (m->kind == TH_HOOK_OTHER)
        return;
    TH_FUZZ_CHECK(th_str_is_key(m->product_key) && th_str_is_key(m->device_key));
    TH_FUZZ_CHECK(!th_identity_reserved(m->device_key));
    if (m->kind == TH_HOOK_PUBLISH) {
        TH_FUZZ_CHECK(
            th_str_eq(m->topic.product, m->product_key) && th_str_eq(m->topic.device, m->device_key));
        TH_FUZZ_CHECK(th_topic_may_publish(m->topic.rest) || m->topic.kind == TH_TOPIC_OWN);
        TH_FUZZ_CHECK(m->payload.n <= m->body.n);
    }
    if (m->kind == TH_HOOK_DISCONNECTED)
        TH_FUZZ_CHECK(m->reason.n <= 200 && th_str_is_utf8(m->reason));
}

static void read_one(struct th_message *m, struct th_str body, const struct th_door *door)
{
    memset(m, 0, sizeof *m);
    th_arena_init(&m->arena);
    m->body = body;
    th_envelope_read(m, door);
    TH_FUZZ_CHECK(
        door->node == 0 || m->dead_reason != NULL || m->kind == TH_HOOK_OTHER || m->node == door->node);
    if (m->dead_reason == NULL)
        check_alive(m);
    if (m->dead_reason == NULL && m->kind == TH_HOOK_PUBLISH)
        th_interpret_read(m, conf);
}

static void try(struct th_str body, const struct th_door *door)
{
    struct th_message first, second;
    read_one(&first, body, door);
    read_one(&second, body, door);
    TH_FUZZ_CHECK(first.time_ms >= YEAR_2000_MS && first.time_ms <= th_clock_ms() + DAY_MS);
    TH_FUZZ_CHECK(memcmp(first.digest, second.digest, sizeof first.digest) == 0);
    TH_FUZZ_CHECK(first.kind == second.kind && (first.dead_reason == NULL) == (second.dead_reason == NULL));
    TH_FUZZ_CHECK((first.dead_reason == NULL) == (first.dead_detail == NULL));
    check_reply(&first);
    check_column(first.action);
    check_column(first.topic_text);
    check_column(first.device_key);
    check_column(th_str(first.dead_detail));
    th_arena_free(&first.arena);
    th_arena_free(&second.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try(fuzz_input(data, size), &(struct th_door){0, false});
    try(fuzz_input(data, size), &(struct th_door){1, true});
    return 0;
}
