/* SPDX-License-Identifier: Apache-2.0 */
#include "io/broker_nodes.h"

static bool is_url(struct th_str s)
{
    return (th_str_starts(s, TH_STR("http://")) && s.n > 7) ||
           (th_str_starts(s, TH_STR("https://")) && s.n > 8);
}

static bool is_known(const struct th_broker_addresses *a, int64_t number)
{
    for (int i = 0; i < a->n; i++) {
        if (a->nodes[i].number == number)
            return true;
    }
    return false;
}

int th_broker_nodes_read(
    struct th_broker_addresses *out, struct th_arena *arena, const char *text, struct th_error *err)
{
    struct th_str rest = th_str(text), part;
    out->n = 0;
    while (th_str_split(&rest, ',', &part)) {
        struct th_str url = th_str_trim(part), number;
        int64_t n;
        if (url.n == 0)
            continue;
        th_str_split(&url, '=', &number);
        if (url.p != NULL)
            url = th_str_trim(url);
        while (url.p != NULL && th_str_ends(url, TH_STR("/")))
            url.n--;
        if (!th_str_int(th_str_trim(number), &n) || n < 1 || n > 65535 || url.p == NULL || !is_url(url))
            return th_fail(err, TH_EINVAL, "broker.nodes: '%.*s' is not NODE=URL", TH_STR_FMT(part));
        if (is_known(out, n))
            return th_fail(err, TH_EINVAL, "broker.nodes: node %d stands there twice", (int)n);
        if (out->n == TH_BROKER_NODES_MAX)
            return th_fail(err, TH_EINVAL, "broker.nodes: more than %d nodes", TH_BROKER_NODES_MAX);
        out->nodes[out->n].number = (int)n;
        out->nodes[out->n++].url = th_arena_dup(arena, url.p, url.n);
    }
    return out->n > 0 ? 0 : th_fail(err, TH_EINVAL, "broker.nodes: no node");
}
