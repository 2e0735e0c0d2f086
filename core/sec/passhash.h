/* SPDX-License-Identifier: Apache-2.0
 *
 * Passwords of accounts: argon2id in its own text form ($argon2id$v=19$m=...), which names its parameters, so
 * that they can be raised and old ones still checked. Takes some tens of milliseconds and 19 MiB: for
 * io/offload, never for a worker's loop. Any thread. */
#ifndef TH_PASSHASH_H
#define TH_PASSHASH_H

#include <stdbool.h>
#include "base/str.h"

#define TH_PASSHASH_MAX 128 /* of the text with its NUL */
#define TH_PASSWORD_TEXT_MAX 1024

/* Aborts when there is no memory. */
void th_passhash_make(char out[TH_PASSHASH_MAX], struct th_str password);
/* In constant time for hashes of the same parameters. False also for text that is no hash. */
bool th_passhash_check(const char *hash, struct th_str password);
/* The hash of no password, to be checked where there is none: it takes as long as a new one. */
extern const char th_passhash_nobody[];
/* Made with other parameters than a new one would be. */
bool th_passhash_stale(const char *hash);

#endif
