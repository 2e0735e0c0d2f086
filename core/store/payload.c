/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "store/payload.h"

int th_payload_read(struct th_payload *r, struct th_arena *arena, struct th_str payload, struct th_error *err)
{
    *r = (struct th_payload){0};
    int rc = th_json_read(&r->json, arena, payload, err);
    if (rc != 0)
        return rc;
    if (r->json.nodes[0].type != TH_JSON_OBJECT)
        return th_fail(err, TH_EINVAL, "the payload is not a JSON object");
    const struct th_json_node *id = th_json_get(&r->json, 0, TH_STR("id"));
    if (id != NULL) {
        if (id->type != TH_JSON_STRING && id->type != TH_JSON_NUMBER)
            return th_fail(err, TH_EINVAL, "id is neither text nor a number");
        if (id->text.n > 256)
            return th_fail(err, TH_EINVAL, "id is longer than 256 bytes");
        r->id = id->text;
        r->has_id = true;
    }
    const struct th_json_node *ack = th_json_get(&r->json, 0, TH_STR("ack"));
    if (ack != NULL && ack->type != TH_JSON_NULL) {
        int64_t n;
        if (ack->type == TH_JSON_BOOL)
            r->ack = ack->truth;
        else if (th_json_int(ack, &n) && (n == 0 || n == 1))
            r->ack = n == 1;
        else
            return th_fail(err, TH_EINVAL, "ack is neither 0 nor 1");
    }
    const struct th_json_node *params = th_json_get(&r->json, 0, TH_STR("params"));
    if (params != NULL && params->type != TH_JSON_NULL)
        r->params = th_json_index(&r->json, params);
    return 0;
}

/* The time in an object's member `time`, or the broker's. */
static int sample_time(const struct th_payload *r, uint32_t object, const struct th_payload_limits *limits,
    struct th_sample *s, struct th_error *err)
{
    s->time = limits->now;
    s->clock_replaced = false;
    const struct th_json_node *t = th_json_get(&r->json, object, TH_STR("time"));
    if (t == NULL || t->type == TH_JSON_NULL)
        return 0;
    int64_t ms;
    bool ok = t->type == TH_JSON_STRING ? th_clock_parse(t->text, &ms) : th_json_int(t, &ms);
    if (!ok)
        return th_fail(err, TH_EINVAL, "time is neither milliseconds nor RFC 3339");
    if (ms > limits->now + limits->ahead_ms || ms < limits->now - limits->behind_ms)
        s->clock_replaced = true;
    else
        s->time = ms;
    return 0;
}

static int one_sample(struct th_payload *r, struct th_arena *arena, uint32_t params,
    const struct th_payload_limits *limits, struct th_error *err)
{
    r->samples = th_arena_alloc(arena, sizeof *r->samples);
    r->nsamples = 1;
    r->samples[0].node = params;
    return sample_time(r, 0, limits, &r->samples[0], err);
}

int th_payload_samples(struct th_payload *r, struct th_arena *arena, const struct th_payload_limits *limits,
    struct th_error *err)
{
    if (r->params == 0)
        return th_fail(err, TH_EINVAL, "params is missing");
    const struct th_json_node *params = &r->json.nodes[r->params];
    if (params->type == TH_JSON_OBJECT)
        return one_sample(r, arena, r->params, limits, err);
    if (params->type != TH_JSON_ARRAY)
        return th_fail(err, TH_EINVAL, "params is neither an object nor an array of {time, params}");
    if (params->count == 0 || params->count > TH_PAYLOAD_MAX_SAMPLES)
        return th_fail(err, TH_EINVAL, "a batch holds 1 to %d reports", TH_PAYLOAD_MAX_SAMPLES);
    r->samples = th_arena_alloc(arena, params->count * sizeof *r->samples);
    r->nsamples = 0;
    TH_JSON_EACH (&r->json, r->params, i) {
        struct th_sample *s = &r->samples[r->nsamples++];
        const struct th_json_node *p =
            r->json.nodes[i].type == TH_JSON_OBJECT ? th_json_get(&r->json, i, TH_STR("params")) : NULL;
        if (p == NULL || p->type != TH_JSON_OBJECT)
            return th_fail(err, TH_EINVAL, "report %u of the batch is not {time, params}", r->nsamples);
        s->node = th_json_index(&r->json, p);
        int rc = sample_time(r, i, limits, s, err);
        if (rc != 0)
            return rc;
    }
    return 0;
}

int th_payload_event(struct th_payload *r, struct th_arena *arena, const struct th_payload_limits *limits,
    struct th_error *err)
{
    if (r->params == 0)
        return th_fail(err, TH_EINVAL, "params is missing");
    return one_sample(r, arena, r->params, limits, err);
}
