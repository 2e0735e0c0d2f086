/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/redis.h"
#include "store/accounting.h"
#include "store/metrics.h"
#include "store/spool.h"
#include "store/store.h"

struct counter_row {
    const char *name, *help;
    size_t offset;
};

static const struct counter_row counters[] = {
#define X(name, help) {#name, help, offsetof(struct th_metrics, name)},
    TH_COUNTERS(X)
#undef X
};

uint64_t th_metrics_sum(const struct th_runtime *rt, size_t offset)
{
    uint64_t sum = 0;
    for (int i = 0; i < rt->worker_count; i++) {
        const char *block = (const char *)&rt->shared->metrics[i];
        sum += atomic_load_explicit((const _Atomic uint64_t *)(block + offset), memory_order_relaxed);
    }
    return sum;
}

static int64_t longest_swap(const struct th_runtime *rt)
{
    uint64_t longest = 0;
    for (int i = 0; i < rt->worker_count; i++) {
        uint64_t us = atomic_load_explicit(&rt->shared->metrics[i].script_swap_max_us, memory_order_relaxed);
        longest = us > longest ? us : longest;
    }
    return (int64_t)longest;
}

static int64_t resident_bytes(void)
{
    long long pages = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    if (f == NULL)
        return 0;
    if (fscanf(f, "%lld %lld", &pages, &resident) != 2)
        resident = 0;
    fclose(f);
    return resident * sysconf(_SC_PAGESIZE);
}

static void gauge(struct th_buf *out, const char *name, const char *help, int64_t value)
{
    th_buf_printf(out, "# HELP thingd_%s %s\n# TYPE thingd_%s gauge\nthingd_%s %lld\n", name, help, name,
        name, (long long)value);
}

static void counter(struct th_buf *out, const char *name, const char *help, int64_t value)
{
    th_buf_printf(out, "# HELP thingd_%s_total %s\n# TYPE thingd_%s_total counter\nthingd_%s_total %lld\n",
        name, help, name, name, (long long)value);
}

static void redis_text(struct th_runtime *rt, struct th_buf *out)
{
    int64_t commands = 0, timeouts = 0, failures = 0, up = 0;
    for (int i = 0; i < rt->worker_count; i++) {
        const struct th_redis_counts *c = th_redis_counts_of(&rt->workers[i]);
        if (c == NULL)
            return;
        commands += (int64_t)atomic_load_explicit(&c->commands, memory_order_relaxed);
        timeouts += (int64_t)atomic_load_explicit(&c->timeouts, memory_order_relaxed);
        failures += (int64_t)atomic_load_explicit(&c->failures, memory_order_relaxed);
        up += atomic_load_explicit(&c->up, memory_order_relaxed);
    }
    gauge(out, "redis_connections", "connections to Redis that can be used, one per worker", up);
    counter(out, "redis_commands", "commands sent to Redis", commands);
    counter(out, "redis_timeouts", "of these: not answered in time, so that one went on without", timeouts);
    counter(out, "redis_failures", "of these: lost, or answered with an error", failures);
}

void th_metrics_text(struct th_runtime *rt, struct th_buf *out)
{
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++) {
        const struct counter_row *c = &counters[i];
        counter(out, c->name, c->help, (int64_t)th_metrics_sum(rt, c->offset));
    }
    gauge(out, "hook_in_flight", "hooks taken in and not yet answered",
        atomic_load_explicit(&rt->shared->inflight, memory_order_relaxed));
    gauge(out, "hook_in_flight_bytes", "their bytes",
        atomic_load_explicit(&rt->shared->inflight_bytes, memory_order_relaxed));
    if (rt->shared->spool != NULL) {
        struct th_spool_state spool;
        th_spool_state(rt->shared->spool, &spool);
        gauge(out, "spool_messages", "messages in the spool", spool.messages);
        gauge(out, "spool_bytes", "bytes of the spool's files", spool.bytes);
        gauge(out, "spool_oldest_seconds", "age of the oldest message in the spool",
            spool.oldest_ms > 0 ? (th_clock_ms() - spool.oldest_ms) / 1000 : 0);
        gauge(out, "spool_recovered", "messages found in the spool at the start", spool.recovered);
        gauge(out, "spool_damaged_bytes", "bytes found in the spool that were no record", spool.damaged);
    }
    redis_text(rt, out);
    gauge(out, "accounting_difference", "hooks that the counters cannot account for; 0 but for moments",
        th_accounting_difference(rt));
    gauge(out, "scripts_loaded", "versions of products' scripts in memory, each worker counted",
        (int64_t)th_metrics_sum(rt, offsetof(struct th_metrics, scripts_loaded)));
    gauge(out, "script_swap_max_us", "microseconds the longest building and swapping in of a script took",
        longest_swap(rt));
    gauge(out, "resident_bytes", "resident memory of the process", resident_bytes());
    gauge(out, "uptime_seconds", "time since the start", (th_clock_ms() - rt->shared->started_ms) / 1000);
    gauge(out, "workers", "worker threads", rt->worker_count);
}
