/* SPDX-License-Identifier: Apache-2.0 */
#include <argon2.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "sec/passhash.h"
#include "sec/rand.h"

/* OWASP's first choice for machines that also do other work. */
#define MEMORY_KIB 19456
#define PASSES 2
#define LANES 1
#define SALT_LEN 16
#define HASH_LEN 32

#define PREFIX "$argon2id$v=19$m=19456,t=2,p=1$"

const char th_passhash_nobody[] = PREFIX "MDAwMDAwMDAwMDAwMDAwMA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

void th_passhash_make(char out[TH_PASSHASH_MAX], struct th_str password)
{
    unsigned char salt[SALT_LEN];
    th_rand_bytes(salt, sizeof salt);
    int rc = argon2id_hash_encoded(
        PASSES, MEMORY_KIB, LANES, password.p, password.n, salt, sizeof salt, HASH_LEN, out, TH_PASSHASH_MAX);
    if (rc != ARGON2_OK) {
        th_erro("argon2_failed", "error=\"%s\"", argon2_error_message(rc));
        abort();
    }
}

bool th_passhash_check(const char *hash, struct th_str password)
{
    return password.n <= TH_PASSWORD_TEXT_MAX && argon2id_verify(hash, password.p, password.n) == ARGON2_OK;
}

bool th_passhash_stale(const char *hash)
{
    return strncmp(hash, PREFIX, sizeof PREFIX - 1) != 0;
}
