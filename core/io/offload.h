/* SPDX-License-Identifier: Apache-2.0
 *
 * Slow, pure computation (key derivation, key generation, hashing of files) on libuv's thread pool. */
#ifndef TH_OFFLOAD_H
#define TH_OFFLOAD_H

#include "base/err.h"
#include "io/worker.h"

/* Under way per worker at most; over it -TH_EBUSY. */
#define TH_OFFLOAD_MAX 64

/* work(arg) runs on another thread and may touch only what arg owns; then done(arg) on the worker's. done
 * comes exactly once, at a stopping worker possibly after its parts were stopped: it must not reach for them
 * without asking. */
int th_offload(
    struct th_worker *w, void (*work)(void *arg), void (*done)(void *arg), void *arg) TH_MUST_CHECK;

#endif
