/* SPDX-License-Identifier: Apache-2.0 */
#include "sec/passhash.h"

#include <argon2.h>

#include "test.h"

static void checks_what_it_made(void)
{
    char hash[TH_PASSHASH_MAX], again[TH_PASSHASH_MAX];
    th_passhash_make(hash, TH_STR("correct horse"));
    TH_CHECK(strncmp(hash, "$argon2id$v=19$m=19456,t=2,p=1$", 31) == 0);
    TH_CHECK(th_passhash_check(hash, TH_STR("correct horse")));
    TH_CHECK(!th_passhash_check(hash, TH_STR("correct horsf")));
    TH_CHECK(!th_passhash_check(hash, TH_STR("correct horse ")));
    TH_CHECK(!th_passhash_check(hash, TH_STR("")));
    th_passhash_make(again, TH_STR("correct horse"));
    TH_CHECK(strcmp(hash, again) != 0);
}

static void checks_others_hashes(void)
{
    /* From the reference's own tests: argon2id, password "password", salt "somesalt". */
    const char *hash =
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    TH_CHECK(th_passhash_check(hash, TH_STR("password")));
    TH_CHECK(!th_passhash_check(hash, TH_STR("Password")));
    TH_CHECK(th_passhash_stale(hash));
}

static void refuses_what_is_no_hash(void)
{
    static const char *const texts[] = {
        "", "x", "$argon2id$", "$argon2i$v=19$m=65536,t=2,p=1$c29tc2FsdA$AAAA"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        TH_ROW("%s", texts[i]);
        TH_CHECK(!th_passhash_check(texts[i], TH_STR("")));
    }
}

static void knows_its_own_parameters(void)
{
    char hash[TH_PASSHASH_MAX];
    th_passhash_make(hash, TH_STR("a\0b"));
    TH_CHECK(!th_passhash_stale(hash));
    TH_CHECK(th_passhash_check(hash, TH_STR("a\0b")));
    TH_CHECK(!th_passhash_check(hash, TH_STR("a")));
}

static void nobody_takes_as_long_and_has_no_password(void)
{
    TH_CHECK(!th_passhash_stale(th_passhash_nobody));
    TH_EQ_INT(argon2id_verify(th_passhash_nobody, "", 0), ARGON2_VERIFY_MISMATCH);
    TH_CHECK(!th_passhash_check(th_passhash_nobody, TH_STR("")));
}

int main(void)
{
    TH_RUN(checks_what_it_made);
    TH_RUN(checks_others_hashes);
    TH_RUN(refuses_what_is_no_hash);
    TH_RUN(knows_its_own_parameters);
    TH_RUN(nobody_takes_as_long_and_has_no_password);
    return TH_END();
}
