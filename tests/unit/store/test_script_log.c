/* SPDX-License-Identifier: Apache-2.0
 *
 * The rings of scripts' lines: what is kept, what goes first, what a reader gets. */
#include "store/script_log.c"
#include "test.h"

static struct th_script_log *log_;

static void put(int64_t product, enum th_log_level level, const char *device, const char *text)
{
    struct th_buf out = {0};
    struct th_script_line line = {.product_id = product,
        .product = TH_STR("p"),
        .device = th_str(device),
        .version = 3,
        .level = level,
        .where = TH_STR("init.lua"),
        .line = 7,
        .text = th_str(text)};
    th_script_log_put(log_, &line, &out);
    th_buf_free(&out);
}

/* How many lines a reader gets; the first one's number in *first. */
static int reads(
    int64_t product, enum th_log_level level, const char *device, unsigned limit, long long *first)
{
    struct th_buf out = {0};
    struct th_arena arena;
    struct th_json j;
    int n = -1;
    th_arena_init(&arena);
    th_script_log_read(log_, product, level, th_str(device), limit, &out);
    if (TH_CHECK(th_json_read(&j, &arena, th_buf_view(&out), NULL) == 0)) {
        n = (int)j.nodes[0].count;
        int64_t seq = 0;
        if (n > 0)
            th_json_int(th_json_get(&j, 1, TH_STR("seq")), &seq);
        if (first != NULL)
            *first = seq;
    }
    th_arena_free(&arena);
    th_buf_free(&out);
    return n;
}

static void test_lines_are_chosen(void)
{
    log_ = th_script_log_new();
    long long first;
    TH_EQ_INT(reads(1, TH_LOG_DEBUG, "", 10, NULL), 0);
    put(1, TH_LOG_INFO, "a", "one");
    put(1, TH_LOG_ERROR, "b", "two");
    put(1, TH_LOG_DEBUG, "", "th\"ree");
    put(2, TH_LOG_INFO, "a", "other");
    TH_EQ_INT(reads(1, TH_LOG_DEBUG, "", 10, &first), 3);
    TH_EQ_INT(first, 1);
    TH_EQ_INT(reads(1, TH_LOG_DEBUG, "", 2, &first), 2);
    TH_EQ_INT(first, 2);
    TH_EQ_INT(reads(1, TH_LOG_INFO, "", 10, NULL), 2);
    TH_EQ_INT(reads(1, TH_LOG_INFO, "b", 10, &first), 1);
    TH_EQ_INT(first, 2);
    TH_EQ_INT(reads(2, TH_LOG_DEBUG, "", 10, &first), 1);
    TH_EQ_INT(first, 1);
    th_script_log_free(log_);
}

static void test_a_product_keeps_its_newest_lines(void)
{
    log_ = th_script_log_new();
    long long first;
    for (int i = 0; i < 2 * TH_SCRIPT_LOG_LINES; i++)
        put(1, TH_LOG_INFO, "a", "x");
    TH_EQ_INT(reads(1, TH_LOG_DEBUG, "", 5000, &first), TH_SCRIPT_LOG_LINES);
    TH_EQ_INT(first, TH_SCRIPT_LOG_LINES + 1);
    static char long_text[10001];
    memset(long_text, 'y', sizeof long_text - 1);
    for (int i = 0; i < 100; i++)
        put(1, TH_LOG_INFO, "a", long_text);
    int n = reads(1, TH_LOG_DEBUG, "", 5000, NULL);
    TH_CHECK(n > 20 && n <= (int)(TH_SCRIPT_LOG_BYTES / 10000));
    th_script_log_free(log_);
}

static void test_all_products_together_have_a_cap(void)
{
    log_ = th_script_log_new();
    static char long_text[10001];
    memset(long_text, 'y', sizeof long_text - 1);
    for (int product = 1; product <= 200; product++)
        for (int i = 0; i < 20; i++)
            put(product, TH_LOG_INFO, "a", long_text);
    TH_CHECK(log_->bytes <= TH_SCRIPT_LOG_ALL_BYTES);
    TH_EQ_INT(reads(1, TH_LOG_DEBUG, "", 100, NULL), 0); /* silent longest */
    TH_EQ_INT(reads(200, TH_LOG_DEBUG, "", 100, NULL), 20);
    th_script_log_free(log_);
}

int main(void)
{
    TH_RUN(test_lines_are_chosen);
    TH_RUN(test_a_product_keeps_its_newest_lines);
    TH_RUN(test_all_products_together_have_a_cap);
    return TH_END();
}
