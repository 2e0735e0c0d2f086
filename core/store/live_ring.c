/* SPDX-License-Identifier: Apache-2.0 */
#include "store/live_ring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

struct th_live_event *th_live_event_new(
    enum th_live_kind kind, int64_t product_id, struct th_str device, struct th_str data)
{
    struct th_live_event *e = th_alloc(sizeof *e + device.n + data.n);
    char *at = (char *)(e + 1);
    *e = (struct th_live_event){.kind = kind, .product_id = product_id};
    atomic_init(&e->refs, 1);
    e->device = (struct th_str){at, device.n};
    e->data = (struct th_str){at + device.n, data.n};
    if (device.n > 0)
        memcpy(at, device.p, device.n);
    memcpy(at + device.n, data.p, data.n);
    return e;
}

void th_live_event_unref(struct th_live_event *e)
{
    if (atomic_fetch_sub_explicit(&e->refs, 1, memory_order_acq_rel) == 1)
        th_free(e);
}

static size_t size_of(const struct th_live_event *e)
{
    return sizeof *e + e->device.n + e->data.n;
}

void th_live_ring_init(struct th_live_ring *r, int64_t boot, unsigned origins)
{
    *r = (struct th_live_ring){.origins = origins};
    snprintf(r->boot, sizeof r->boot, "%llx", (unsigned long long)boot);
    r->events = th_calloc(TH_LIVE_RING_MAX, sizeof(struct th_live_event *));
    r->seen = th_calloc(origins, sizeof *r->seen);
    r->dropped = th_calloc(origins, sizeof *r->dropped);
}

static void drop(struct th_live_ring *r)
{
    struct th_live_event *e = r->events[r->first];
    r->dropped[e->origin] = e->seq;
    r->first = (r->first + 1) % TH_LIVE_RING_MAX;
    r->n--;
    r->bytes -= size_of(e);
    th_live_event_unref(e);
}

void th_live_ring_push(struct th_live_ring *r, struct th_live_event *e)
{
    while (r->n == TH_LIVE_RING_MAX || (r->n > 0 && r->bytes + size_of(e) > TH_LIVE_RING_BYTES))
        drop(r);
    r->events[(r->first + r->n++) % TH_LIVE_RING_MAX] = e;
    r->bytes += size_of(e);
    r->seen[e->origin] = e->seq;
}

void th_live_ring_free(struct th_live_ring *r)
{
    while (r->n > 0)
        drop(r);
    th_free(r->events);
    th_free(r->seen);
    th_free(r->dropped);
}

struct th_str th_live_id_write(const struct th_live_ring *r, const uint64_t *seqs, int64_t now_s, char *out)
{
    int n = snprintf(out, TH_LIVE_ID_MAX, "%s-%llx-", r->boot, (unsigned long long)now_s);
    for (unsigned i = 0; i < r->origins && n < TH_LIVE_ID_MAX - 24; i++)
        n += snprintf(
            out + n, (size_t)(TH_LIVE_ID_MAX - n), "%s%llu", i > 0 ? "." : "", (unsigned long long)seqs[i]);
    return (struct th_str){out, (size_t)n};
}

static bool is_recent(struct th_str seconds, int64_t now_s)
{
    char text[20];
    if (seconds.n == 0 || seconds.n >= sizeof text)
        return false;
    memcpy(text, seconds.p, seconds.n);
    text[seconds.n] = '\0';
    int64_t age = now_s - (int64_t)strtoll(text, NULL, 16);
    return age <= TH_LIVE_RESUME_S && age >= -TH_LIVE_RESUME_S;
}

bool th_live_id_read(const struct th_live_ring *r, struct th_str id, int64_t now_s, uint64_t *seqs)
{
    struct th_str rest = id, boot, seconds, seq;
    if (id.p == NULL || !th_str_split(&rest, '-', &boot) || !th_str_eq(boot, th_str(r->boot)) ||
        rest.p == NULL || !th_str_split(&rest, '-', &seconds) || !is_recent(seconds, now_s) || rest.p == NULL)
        return false;
    for (unsigned i = 0; i < r->origins; i++) {
        int64_t n;
        if (rest.p == NULL || !th_str_split(&rest, '.', &seq) || !th_str_int(seq, &n) || n < 0)
            return false;
        seqs[i] = (uint64_t)n;
        if (seqs[i] < r->dropped[i] || seqs[i] > r->seen[i])
            return false;
    }
    return rest.p == NULL;
}
