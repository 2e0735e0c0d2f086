/* SPDX-License-Identifier: Apache-2.0
 *
 * Hex and both base64: what is read is written again as it came, and what is written is read again. */
#include "base/alloc.h"
#include "base/hex.h"
#include "fuzz.h"

/* Exactly as large as the decoder may need, so that the sanitizer sees a byte too many. */
static unsigned char *room(size_t n)
{
    return malloc(n > 0 ? n : 1);
}

static void hex(struct th_str text)
{
    unsigned char *out = room(text.n / 2);
    struct th_buf again = {0};
    if (th_hex_decode(out, text)) {
        th_hex_put(&again, out, text.n / 2);
        TH_FUZZ_CHECK(again.n == text.n && strncasecmp(again.p, text.p, text.n) == 0);
    }
    th_buf_free(&again);
    free(out);
}

static void base64(struct th_str text, bool (*decode)(void *, size_t *, struct th_str),
    void (*put)(struct th_buf *, const void *, size_t))
{
    unsigned char *out = room(th_base64_max(text.n)), *back;
    struct th_buf again = {0};
    size_t n = 0;
    if (decode(out, &n, text)) {
        TH_FUZZ_CHECK(n <= th_base64_max(text.n));
        put(&again, out, n);
        TH_FUZZ_CHECK(th_str_eq(th_buf_view(&again), text), "two texts for one value");
    }
    th_buf_reset(&again);
    put(&again, text.p, text.n);
    back = room(th_base64_max(again.n));
    TH_FUZZ_CHECK(decode(back, &n, th_buf_view(&again)) && th_str_eq((struct th_str){(char *)back, n}, text));
    th_buf_free(&again);
    free(back);
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct th_str text = fuzz_input(data, size);
    hex(text);
    base64(text, th_base64_decode, th_base64_put);
    base64(text, th_base64url_decode, th_base64url_put);
    return 0;
}
