/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"
#include "store/accounting.h"
#include "store/spool.h"

#define SUM(name) (int64_t) th_metrics_sum(rt, offsetof(struct th_metrics, name))

int64_t th_accounting_difference(struct th_runtime *rt)
{
    struct th_spool_state spool = {0};
    if (rt->shared->spool != NULL)
        th_spool_state(rt->shared->spool, &spool);
    int64_t in = SUM(hook_received) + spool.recovered;
    int64_t out = SUM(hook_stored) + SUM(hook_duplicate) + SUM(hook_dead) + SUM(hook_refused) +
                  SUM(hook_ignored) + SUM(hook_retry);
    return in - out - atomic_load(&rt->shared->inflight) - spool.messages;
}

void th_accounting_watch(struct th_worker *w, void *store)
{
    struct th_store *s = store;
    int64_t difference = th_accounting_difference(w->rt);
    s->odd_times = difference != 0 && difference == s->odd_by ? s->odd_times + 1 : 0;
    s->odd_by = difference;
    if (s->odd_times == 2)
        th_erro("accounting_differs", "by=%lld", (long long)difference);
}
