/* SPDX-License-Identifier: Apache-2.0
 *
 * Tokens of an OpenID provider: any bytes get one of the answers, and what was verified is the token's own
 * middle part. Input: token and key set, parted by a newline; the payload is looked at as claims, too. */
#include "fuzz.h"
#include "base/hex.h"
#include "sec/jws.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct th_str set = fuzz_input(data, size), token = {"", 0}, payload = {0};
    struct th_arena arena;
    struct th_error err = {0};
    if (set.p == NULL || !th_str_split(&set, '\n', &token) || set.p == NULL)
        return 0;
    th_arena_init(&arena);
    int rc = th_jws_verify(&arena, token, set, &payload, &err);
    TH_FUZZ_CHECK(rc == 0 || rc == -TH_EINVAL || rc == -TH_ENOTFOUND || rc == -TH_ECRYPTO);
    TH_FUZZ_CHECK((rc == 0) == (err.msg[0] == 0));
    if (rc == 0) {
        struct th_str rest = token, part;
        struct th_buf again = {0};
        th_str_split(&rest, '.', &part);
        th_str_split(&rest, '.', &part);
        th_base64url_put(&again, payload.p, payload.n);
        TH_FUZZ_CHECK(th_str_eq(part, th_buf_view(&again)));
        th_buf_free(&again);
    }
    const struct th_id_claims want = {
        .issuer = TH_STR("joe"), .client_id = TH_STR("us"), .nonce = TH_STR("n"), .now_ms = 1300819300000};
    rc = th_id_token_check(&arena, set, &want, &err);
    TH_FUZZ_CHECK(rc == 0 || rc == -TH_EAUTH);
    th_arena_free(&arena);
    return 0;
}
