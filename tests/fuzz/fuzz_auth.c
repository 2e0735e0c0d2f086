/* SPDX-License-Identifier: Apache-2.0
 *
 * The bodies of the auth and ACL requests; the product declares nothing. A question that gets as far as the
 * device's worker is about a well-formed device; the answer to it is JSON whose rules stay below that
 * device's topics. The workers' mail is played: nothing runs after th_auth_ask. */
#define th_worker_post play_post
#define th_product_get play_product
#include "hook/auth.c"
#include "hook/acl.c"

#include "fuzz.h"
#include "json_grammar.h"

static struct th_mail *posted;

void play_post(struct th_worker *to, struct th_mail *m)
{
    posted = m;
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    th_log_init(TH_LOG_ERROR, false);
    return 0;
}

static void check_rule(const struct th_auth *a, struct th_str topic)
{
    struct th_topic t;
    struct th_buf own = {0};
    if (th_str_starts(topic, TH_STR("/")))
        topic = (struct th_str){topic.p + 1, topic.n - 1};
    if (th_str_starts(topic, TH_STR("+/")))
        th_buf_printf(&own, "%.*s%.*s", TH_STR_FMT(a->product), (int)topic.n - 1, topic.p + 1);
    else
        th_buf_str(&own, topic);
    TH_FUZZ_CHECK(th_topic_parse(th_buf_view(&own), &t), "%.*s", TH_STR_FMT(topic));
    TH_FUZZ_CHECK(th_str_eq(t.product, a->product) && th_str_eq(t.device, a->device));
    th_buf_free(&own);
}

static void check_answer(struct th_auth *a)
{
    struct th_buf out = {0};
    struct th_json j;
    a->verdict = TH_AUTH_ALLOW;
    th_auth_answer(a, 86400000, &out);
    TH_FUZZ_CHECK(th_json_read(&j, &a->arena, th_buf_view(&out), NULL) == 0);
    TH_FUZZ_CHECK(!th_json_get(&j, 0, TH_STR("superuser"))->truth);
    const struct th_json_node *list = th_json_get(&j, 0, TH_STR("acl"));
    uint32_t count = 0;
    TH_JSON_EACH (&j, th_json_index(&j, list), i) {
        struct th_str topic = th_json_get(&j, i, TH_STR("topic"))->text;
        if (++count < list->count)
            check_rule(a, topic);
        else
            TH_FUZZ_CHECK(th_str_eq(topic, TH_STR("#")));
    }
    th_buf_free(&out);
}

static void ask(struct th_str body, bool mtls)
{
    struct th_worker worker = {0};
    struct th_runtime rt = {.workers = &worker, .worker_count = 1};
    struct th_auth a = {.home = &worker, .door = {0, mtls}};
    worker.rt = &rt;
    posted = NULL;
    th_arena_init(&a.arena);
    th_auth_ask(&a, body);
    TH_FUZZ_CHECK(posted == &a.mail);
    if (a.mail.run == on_owner) {
        TH_FUZZ_CHECK(th_str_is_key(a.product) && th_str_is_key(a.device) && !th_identity_reserved(a.device));
        check_answer(&a);
    } else {
        TH_FUZZ_CHECK(a.verdict == TH_AUTH_MALFORMED);
    }
    th_arena_free(&a.arena);
}

void play_product(struct th_store *s, struct th_str key, struct th_product_wait *wait)
{
    struct th_product p = {.script.manifest = {.known = true}, .canary.manifest = {.known = true}};
    wait->ready(wait, &p, 0);
}

static void on_acl(struct th_acl *acl)
{
}

static void acl_request(struct th_str body, bool mtls)
{
    struct th_worker worker = {0};
    struct th_acl acl = {.home = &worker, .done = on_acl};
    struct th_door door = {0, mtls};
    struct th_json j;
    th_arena_init(&acl.arena);
    th_acl_ask(&acl, body, &door);
    if (acl.allow) {
        TH_FUZZ_CHECK(th_json_read(&j, &acl.arena, body, NULL) == 0);
        struct th_str topic = th_json_text(&j, 0, TH_STR("topic")),
                      device = th_json_text(&j, 0, TH_STR("client_id")), part;
        bool has = false;
        while (th_str_split(&topic, '/', &part))
            has |= th_str_eq(part, device);
        TH_FUZZ_CHECK(has, "allowed outside the device's own topics");
    }
    th_arena_free(&acl.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (int mtls = 0; mtls < 2; mtls++) {
        ask(fuzz_input(data, size), mtls != 0);
        acl_request(fuzz_input(data, size), mtls != 0);
    }
    return 0;
}
