/* SPDX-License-Identifier: Apache-2.0
 *
 * A device's payload, read as a property report and as an event. */
#include "fuzz.h"
#include "store/payload.h"

static const struct th_payload_limits limits = {1795555683725, 300000, 2678400000};

static void check_samples(const struct th_payload *p, bool event)
{
    TH_FUZZ_CHECK(p->nsamples >= 1 && p->nsamples <= TH_PAYLOAD_MAX_SAMPLES && (!event || p->nsamples == 1));
    for (unsigned i = 0; i < p->nsamples; i++) {
        const struct th_sample *s = &p->samples[i];
        TH_FUZZ_CHECK(s->node > 0 && s->node < p->json.count);
        TH_FUZZ_CHECK(event || p->json.nodes[s->node].type == TH_JSON_OBJECT);
        TH_FUZZ_CHECK(p->json.nodes[s->node].type != TH_JSON_NULL);
        TH_FUZZ_CHECK(s->time >= limits.now - limits.behind_ms && s->time <= limits.now + limits.ahead_ms);
        TH_FUZZ_CHECK(!s->clock_replaced || s->time == limits.now);
    }
}

static void try(struct th_str text, bool event)
{
    struct th_arena arena;
    struct th_payload p;
    struct th_error err = {0};
    th_arena_init(&arena);
    int code = th_payload_read(&p, &arena, text, &err);
    TH_FUZZ_CHECK(!p.has_id || (p.id.n <= 256 && th_str_is_utf8(p.id)));
    if (code == 0) {
        code = event ? th_payload_event(&p, &arena, &limits, &err)
                     : th_payload_samples(&p, &arena, &limits, &err);
        if (code == 0)
            check_samples(&p, event);
    }
    TH_FUZZ_CHECK(code == 0 || err.msg[0] != 0);
    th_arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try(fuzz_input(data, size), false);
    try(fuzz_input(data, size), true);
    return 0;
}
