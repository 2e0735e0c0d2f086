/* SPDX-License-Identifier: Apache-2.0
 *
 * A manifest, and a topic in its first line. What is declared never reaches past the device's own topics, and
 * what is written is what was read. */
#include "fuzz.h"
#include "io/topic_match.h"
#include "store/manifest.h"
#include "store/topic.h"

static void check_own(const struct th_topics *t, bool publish)
{
    for (unsigned i = 0; i < t->count; i++) {
        struct th_str rest = t->list[i], first;
        TH_FUZZ_CHECK(rest.n > 0 && rest.n <= TH_TOPIC_FILTER_MAX && th_str_is_utf8(rest));
        th_str_split(&rest, '/', &first);
        TH_FUZZ_CHECK(first.n > 0 && !th_str_eq(first, TH_STR("thing")) && !th_str_eq(first, TH_STR("ota")));
        TH_FUZZ_CHECK(memchr(first.p, '+', first.n) == NULL && memchr(first.p, '#', first.n) == NULL);
        TH_FUZZ_CHECK(!publish || memchr(t->list[i].p, '#', t->list[i].n) == NULL);
        TH_FUZZ_CHECK(strpbrk(t->list[i].p, "\"\\$%{} ") == NULL, "needs quoting");
    }
}

static void check_topic(const struct th_manifest *m, struct th_str topic)
{
    struct th_str name;
    if (topic.n == 0)
        return;
    enum th_topic_kind kind = th_topic_kind(topic, &name);
    TH_FUZZ_CHECK(!th_manifest_takes(m, topic) || kind == TH_TOPIC_OWN);
    TH_FUZZ_CHECK(!th_manifest_is_raw(m, topic) || th_topic_may_publish(topic));
    TH_FUZZ_CHECK(!th_manifest_may_send(m, topic) ||
                  (th_manifest_may_hear(m, topic) && memchr(topic.p, '+', topic.n) == NULL));
    bool heard = false;
    for (unsigned i = 0; i < m->subscribe.count; i++)
        heard |= th_topic_match(m->subscribe.list[i], topic);
    TH_FUZZ_CHECK(!th_manifest_may_hear(m, topic) || heard, "covered, and not matched");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct th_str text = fuzz_input(data, size), topic;
    struct th_manifest m, again;
    struct th_error err;
    struct th_buf out = {0}, second = {0};
    if (!th_str_split(&text, '\n', &topic) || th_manifest_read(&m, text, &err) != 0)
        return 0;
    check_own(&m.publish, true);
    check_own(&m.subscribe, false);
    check_topic(&m, topic);
    th_manifest_write(&m, &out);
    TH_FUZZ_CHECK(th_manifest_read(&again, th_buf_view(&out), &err) == 0);
    th_manifest_write(&again, &second);
    TH_FUZZ_CHECK(th_str_eq(th_buf_view(&out), th_buf_view(&second)));
    th_buf_free(&out);
    th_buf_free(&second);
    th_manifest_free(&m);
    th_manifest_free(&again);
    return 0;
}
