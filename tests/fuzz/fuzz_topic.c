/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"
#include "store/topic.h"

static bool inside(struct th_str part, struct th_str whole)
{
    return part.p >= whole.p && part.p + part.n <= whole.p + whole.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct th_str text = fuzz_input(data, size);
    struct th_topic t;
    bool publish = th_topic_may_publish(text), subscribe = th_topic_may_subscribe(text);
    TH_FUZZ_CHECK(!publish || !th_str_ends(text, TH_STR("/set")), "a device gives no commands");
    TH_FUZZ_CHECK(!subscribe || text.n > 0);
    if (!th_topic_parse(text, &t))
        return 0;
    TH_FUZZ_CHECK(th_str_is_key(t.product) && th_str_is_key(t.device) && t.rest.n > 0);
    TH_FUZZ_CHECK(inside(t.product, text) && inside(t.device, text) && inside(t.rest, text));
    /* The three parts, joined, are the topic again. */
    struct th_buf whole = {0};
    if (text.p[0] == '/')
        th_buf_putc(&whole, '/');
    th_buf_str(&whole, t.product);
    th_buf_putc(&whole, '/');
    th_buf_str(&whole, t.device);
    th_buf_putc(&whole, '/');
    th_buf_str(&whole, t.rest);
    TH_FUZZ_CHECK(th_str_eq(th_buf_view(&whole), text));
    th_buf_free(&whole);
    bool named =
        t.kind == TH_TOPIC_EVENT_POST || t.kind == TH_TOPIC_SERVICE_CALL || t.kind == TH_TOPIC_SERVICE_REPLY;
    TH_FUZZ_CHECK(!named || (th_str_is_key(t.name) && inside(t.name, t.rest)));
    bool says = t.kind != TH_TOPIC_OWN && t.kind != TH_TOPIC_PROPERTY_SET && t.kind != TH_TOPIC_SERVICE_CALL;
    TH_FUZZ_CHECK(th_topic_may_publish(t.rest) == says);
    return 0;
}
