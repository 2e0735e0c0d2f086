/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.c"

#include "../test.h"
#include "base/str.h"

static void test_never_null(void)
{
    void *a = th_alloc(0), *b = th_calloc(0, 8), *c = th_realloc(NULL, 0);
    TH_CHECK(a != NULL && b != NULL && c != NULL);
    c = th_realloc(c, 100);
    memset(c, 1, 100);
    char *zeros = th_calloc(10, 10), *text = th_strdup("text");
    for (int i = 0; i < 100; i++)
        TH_CHECK(zeros[i] == 0);
    TH_EQ_STR(text, "text");
    th_free(a), th_free(b), th_free(c), th_free(zeros), th_free(text), th_free(NULL);
}

/* Blocks of all sizes lie apart, aligned, and keep what was written. */
static void test_arena(void)
{
    struct th_arena a;
    unsigned char *parts[600];
    th_arena_init(&a);
    for (size_t i = 0; i < TH_COUNT(parts); i++) {
        size_t size = i * 31 % 9000;
        parts[i] = th_arena_alloc(&a, size);
        TH_CHECK((uintptr_t)parts[i] % 16 == 0);
        memset(parts[i], (int)i, size);
    }
    for (size_t i = 0; i < TH_COUNT(parts); i++)
        for (size_t k = 0; k < i * 31 % 9000; k++)
            if (parts[i][k] != (unsigned char)i) {
                TH_ROW("part %zu", i);
                TH_CHECK(!"overwritten");
                break;
            }
    TH_CHECK(a.used > 600u * 4000);
    th_arena_free(&a);
    TH_CHECK(a.blocks == NULL && a.used == 0);
}

static void test_arena_text(void)
{
    struct th_arena a;
    th_arena_init(&a);
    TH_EQ_STR(th_arena_dup(&a, NULL, 0), "");
    TH_EQ_BYTES(th_arena_dup(&a, "a\0b", 3), "a\0b\0", 4);
    TH_EQ_STR(th_arena_printf(&a, "%s=%d", "n", 7), "n=7");
    char *zeros = th_arena_zalloc(&a, 5000);
    for (int i = 0; i < 5000; i++)
        TH_CHECK(zeros[i] == 0);
    struct th_buf b = {0};
    for (int i = 0; i < 10000; i++)
        th_buf_putc(&b, 'x');
    TH_EQ_STR(th_arena_printf(&a, "%s", th_buf_cstr(&b)), th_buf_cstr(&b));
    th_buf_free(&b);
    th_arena_free(&a);
}

static void test_arena_reset_keeps_one_block(void)
{
    struct th_arena a;
    th_arena_init(&a);
    th_arena_reset(&a); /* of nothing */
    void *first = th_arena_alloc(&a, 10);
    for (int i = 0; i < 20; i++)
        th_arena_alloc(&a, BLOCK);
    th_arena_reset(&a);
    TH_CHECK(a.used == 0 && a.blocks != NULL && a.blocks->older == NULL);
    TH_CHECK(th_arena_alloc(&a, 10) == first);
    th_arena_free(&a);
    th_arena_free(&a); /* twice does no harm */
}

int main(void)
{
    TH_RUN(test_never_null);
    TH_RUN(test_arena);
    TH_RUN(test_arena_text);
    TH_RUN(test_arena_reset_keeps_one_block);
    return TH_END();
}
