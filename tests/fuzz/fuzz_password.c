/* SPDX-License-Identifier: Apache-2.0
 *
 * Device passwords: any bytes get one of the four answers, a right one is never made by chance, and what was
 * made is accepted. Input: client, key and password, parted by newlines. */
#include "fuzz.h"
#include "sec/password.h"

#define NOW 1764000000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct th_str rest = fuzz_input(data, size), client = {"", 0}, key = {"", 0};
    struct th_str secret = TH_STR("a key that is in no input");
    int64_t skew;
    if (rest.p == NULL || !th_str_split(&rest, '\n', &client) || !th_str_split(&rest, '\n', &key) ||
        rest.p == NULL)
        return 0;
    enum th_password got = th_password_check(client, rest, &key, 1, NOW, 300, &skew);
    TH_FUZZ_CHECK(got == TH_PASSWORD_CLOCK ? skew > 300 || skew < -300 : skew >= -300 && skew <= 300);
    TH_FUZZ_CHECK(rest.n <= TH_PASSWORD_MAX || got == TH_PASSWORD_MALFORMED);
    got = th_password_check(client, rest, &secret, 1, NOW, 300, &skew);
    TH_FUZZ_CHECK(got == TH_PASSWORD_MALFORMED || got == TH_PASSWORD_MISMATCH);
    struct th_buf made = {0};
    th_password_make(&made, client, TH_STR("abcdef"), NOW, key);
    TH_FUZZ_CHECK(th_password_check(client, th_buf_view(&made), &key, 1, NOW, 0, &skew) == TH_PASSWORD_OK);
    th_buf_free(&made);
    return 0;
}
