/* SPDX-License-Identifier: Apache-2.0
 *
 * Secrets at rest: AES-256-GCM under a master key. Envelope: version 1 (1 byte), key id (8 bytes: the start
 * of the key's SHA-256), nonce (12), ciphertext, tag (16). The associated data names the row, so that an
 * envelope copied to another row does not open. The master keys stand in a file of mode 0600 that is ours,
 * one a line in hex (at most 16): the first seals, all open, so a key is replaced by putting a new one in
 * front. A file of exactly 32 raw bytes is one key. A keyring is read-only once loaded: any thread. */
#ifndef TH_SEAL_H
#define TH_SEAL_H

#include <stdbool.h>
#include "base/err.h"
#include "base/str.h"

struct th_keyring;

#define TH_SEAL_OVERHEAD 37 /* bytes an envelope is longer than its content */

int th_keyring_load(struct th_keyring **out, const char *path, struct th_error *err) TH_MUST_CHECK;
/* Makes a file with one new key, durable when it returns; fails when the file exists. */
int th_keyring_create(const char *path, struct th_error *err) TH_MUST_CHECK;
void th_keyring_free(struct th_keyring *k);

/* out: plain.n + TH_SEAL_OVERHEAD bytes. */
void th_seal(const struct th_keyring *k, struct th_str associated, struct th_str plain, unsigned char *out);
/* out: at least envelope.n bytes; *n is the length of the content. TH_ECRYPTO: no such key, or not what was
 * sealed. */
int th_seal_open(const struct th_keyring *k, struct th_str associated, struct th_str envelope, char *out,
    size_t *n, struct th_error *err) TH_MUST_CHECK;

#endif
