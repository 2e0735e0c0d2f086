/* SPDX-License-Identifier: Apache-2.0
 *
 * Counters and gauges of the process. Each worker adds to its own block without locks; readers sum over the
 * blocks. The identity that promise 1 rests on, within one process: received + spool found at the start =
 * stored + duplicate + dead + refused + ignored + retry + in flight + in spool */
#ifndef TH_METRICS_H
#define TH_METRICS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include "base/str.h"

/* name, help */
#define TH_COUNTERS(X)                                                                                       \
    X(hook_received, "hooks taken in with a valid token")                                                    \
    X(hook_stored, "hooks whose effects were committed")                                                     \
    X(hook_duplicate, "hooks whose effects were already committed")                                          \
    X(hook_dead, "hooks recorded as dead letters")                                                           \
    X(hook_refused, "hooks refused for good and only counted, since ten like them were kept in that minute") \
    X(hook_spooled, "hooks answered from the spool; counted again by their verdict when they leave it")      \
    X(hook_unspooled, "hooks that left the spool with a verdict")                                            \
    X(hook_retry, "hooks answered 503: the broker will send them again")                                     \
    X(hook_no_token, "requests to the hook listener without a valid token")                                  \
    X(hook_ignored, "hooks of kinds that change nothing")                                                    \
    X(auth_allowed, "auth requests answered allow")                                                          \
    X(auth_denied, "auth requests answered deny")                                                            \
    X(auth_clock, "auth requests denied only because the timestamp was outside the window")                  \
    X(auth_provisioned, "devices that provisioned themselves")                                               \
    X(acl_denied, "ACL requests answered deny")                                                              \
    X(samples, "property reports written to history")                                                        \
    X(events, "events written to history")                                                                   \
    X(clock_replaced, "report times replaced by the broker's")                                               \
    X(properties_over, "values not kept as the newest since their device had too many names already")        \
    X(batches, "transactions committed by the ingest path")                                                  \
    X(batch_failed, "ingest transactions undone")                                                            \
    X(batch_key, "of these: a message key was already there")                                                \
    X(batch_rev, "of these: a device's state had been changed elsewhere")                                    \
    X(batch_row, "of these: PostgreSQL refused a row")                                                       \
    X(batch_unknown, "of these: the outcome of the commit was unknown")                                      \
    X(messages_rerun, "messages run again after their batch was undone")                                     \
    X(device_loads, "devices read from PostgreSQL")                                                          \
    X(replies, "replies handed to the broker")                                                               \
    X(replies_dropped, "replies the broker or a full queue did not take")                                    \
    X(commands_sent, "commands handed to the broker")                                                        \
    X(commands_resent, "of these: sent before under the same id")                                            \
    X(commands_failed_sends, "commands the broker did not take; they stay queued")                           \
    X(command_results, "command results recorded")                                                           \
    X(command_unmatched, "command replies that matched no open command")                                     \
    X(later_done, "functions that were put off, done")                                                       \
    X(later_failed, "runs of them that failed; tried again until outbox.attempts")                           \
    X(later_dead, "of these: given up")                                                                      \
    X(alarms_raised, "alarms that scripts raised and that were not active")                                  \
    X(alarms_cleared, "active alarms that scripts cleared")                                                  \
    X(notify_sent, "notifications that their channel's notifier has sent")                                   \
    X(notify_failed, "attempts that failed; made again until outbox.attempts")                               \
    X(notify_dead, "of these: given up")                                                                     \
    X(script_errors, "handler calls that failed")                                                            \
    X(script_swaps, "versions of scripts built aside and swapped in, each worker counted")                   \
    X(script_swap_us, "microseconds that workers took for it; meanwhile they handle nothing else")           \
    X(script_fallbacks, "versions of scripts undone since they failed")                                      \
    X(dead_letters_replayed, "dead letters tried again, whatever came of it")                                \
    X(presence_corrected, "devices whose presence the broker corrected")                                     \
    X(live_opened, "listeners of the live stream that came")                                                 \
    X(live_closed, "listeners of the live stream that went")                                                 \
    X(sign_ins, "people who signed in, here or at the OpenID provider")                                      \
    X(sign_ins_refused, "attempts to sign in that were refused")                                             \
    X(password_hashes, "passwords hashed, to be kept or to be compared")                                     \
    X(mail_sent, "letters the mail server took")                                                             \
    X(mail_failed, "letters it did not take")

struct th_metrics {
#define X(name, help) _Atomic uint64_t name;
    TH_COUNTERS(X)
#undef X
    _Atomic uint64_t script_swap_max_us; /* the longest of one */
    _Atomic uint64_t scripts_loaded;     /* now */
} __attribute__((aligned(64)));

/* The one writer of a block adds without a locked instruction. */
#define th_count_n(metrics, name, n)                                                                         \
    atomic_store_explicit(&(metrics)->name,                                                                  \
        atomic_load_explicit(&(metrics)->name, memory_order_relaxed) + (n), memory_order_relaxed)
#define th_count(metrics, name) th_count_n(metrics, name, 1)

struct th_runtime;
/* The Prometheus text form (version 0.0.4), all workers summed, with the gauges of the process. From any
 * thread. */
void th_metrics_text(struct th_runtime *rt, struct th_buf *out);
/* Sum of one counter: th_metrics_sum(rt, offsetof(struct th_metrics, hook_stored)). */
uint64_t th_metrics_sum(const struct th_runtime *rt, size_t offset);

#endif
