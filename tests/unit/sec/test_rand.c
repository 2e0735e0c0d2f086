/* SPDX-License-Identifier: Apache-2.0 */
#include "sec/rand.c"

#include "../test.h"

static void test_bytes(void)
{
    unsigned char a[300] = {0}, b[300] = {0};
    unsigned seen[256] = {0}, kinds = 0;
    th_rand_bytes(a, sizeof a);
    th_rand_bytes(b, sizeof b);
    TH_CHECK(memcmp(a, b, sizeof a) != 0);
    for (size_t i = 0; i < sizeof a; i++)
        kinds += seen[a[i]]++ == 0;
    TH_CHECK(kinds > 100); /* fewer: one in more than 10^20 runs */
    th_rand_bytes(a, 0);
}

static void test_text(void)
{
    enum { N = 62 * 1000 };
    static char text[N + 1];
    unsigned seen[256] = {0};
    th_rand_text(text, N);
    TH_EQ_INT(strlen(text), N);
    for (size_t i = 0; i < N; i++)
        seen[(unsigned char)text[i]]++;
    unsigned letters = 0, uneven = 0;
    for (int c = 0; c < 256; c++) {
        letters += seen[c] > 0;
        uneven += seen[c] > 0 && (seen[c] < 750 || seen[c] > 1250); /* 8 standard deviations */
    }
    TH_EQ_INT(letters, 62);
    TH_EQ_INT(uneven, 0);
    text[0] = 'x';
    th_rand_text(text, 0);
    TH_EQ_STR(text, "");
}

int main(void)
{
    TH_RUN(test_bytes);
    TH_RUN(test_text);
    return TH_END();
}
