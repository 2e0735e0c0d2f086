/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"
#include "base/clock.h"
#include "store/dead_letter.h"

#define S(literal)                                                                                           \
    {                                                                                                        \
        literal, sizeof(literal) - 1                                                                         \
    }

static struct th_store store;

static enum th_verdict judge(const char *device, const char *reason)
{
    struct th_message m = {.device_key = th_str(device), .dead_reason = reason};
    th_dead_letter_judge(&store, &m);
    return m.verdict;
}

/* How many of n are kept whole. */
static int kept(int n, const char *device, const char *reason)
{
    int count = 0;
    for (int i = 0; i < n; i++)
        count += judge(device, reason) == TH_VERDICT_DEAD;
    return count;
}

/* Runs once more when the minute changed meanwhile: then the count began anew. */
static void test_limit(void)
{
    int64_t minute;
    int first, again, other, reason;
    do {
        minute = th_clock_ms() / 60000;
        store.dead = th_dead_letters_new(10);
        first = kept(25, "dev1", TH_DEAD_PAYLOAD);
        again = kept(5, "dev1", TH_DEAD_PAYLOAD);
        other = kept(25, "dev2", TH_DEAD_PAYLOAD);
        reason = kept(25, "dev1", TH_DEAD_FORGED);
        th_dead_letters_free(store.dead);
    } while (th_clock_ms() / 60000 != minute);
    TH_EQ_INT(first, 10);
    TH_EQ_INT(again, 0);
    TH_EQ_INT(other, 10);
    TH_EQ_INT(reason, 10);
}

static void test_only_one_kept(void)
{
    int64_t minute;
    int count;
    do {
        minute = th_clock_ms() / 60000;
        store.dead = th_dead_letters_new(1);
        count = kept(1000, "", TH_DEAD_NOT_HOOK); /* nobody's are limited as well */
        th_dead_letters_free(store.dead);
    } while (th_clock_ms() / 60000 != minute);
    TH_EQ_INT(count, 1);
}

/* Of many devices hardly one loses its letters to another's: the table is large enough. */
static void test_many_devices(void)
{
    int64_t minute;
    int count;
    do {
        minute = th_clock_ms() / 60000;
        store.dead = th_dead_letters_new(10);
        count = 0;
        for (int i = 0; i < 400; i++) {
            char key[16];
            snprintf(key, sizeof key, "dev%d", i);
            count += kept(12, key, TH_DEAD_PAYLOAD);
        }
        th_dead_letters_free(store.dead);
    } while (th_clock_ms() / 60000 != minute);
    TH_CHECK(count > 3400 && count <= 4000);
}

static void test_text(void)
{
    static const struct {
        struct th_str text;
        const char *want;
    } all[] = {{{NULL, 0}, ""}, {S(""), ""}, {S("plain"), "plain"}, {S("\xc3\xa9"), "\xc3\xa9"},
        {S("a\nb"), "a\nb"}, {S("\xff"), "?"}, {S("a\0b"), "a?b"}, {S("\xc3\xa9\xff"), "???"},
        {S("\xed\xa0\x80"), "???"}, {S("tab\there\xff"), "tab?here?"}};
    struct th_buf scratch = {0};
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        struct th_str got = th_dead_letter_text(&scratch, all[i].text);
        TH_ROW("%zu", i);
        TH_CHECK(th_str_eq(got, th_str(all[i].want)));
    }
    th_buf_free(&scratch);
}

/* Cut at 1,000 bytes, never inside a character; what was fine before is so after. */
static void test_text_is_cut(void)
{
    static const char *const characters[] = {"x", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
    struct th_buf scratch = {0};
    for (size_t lead = 0; lead < 4; lead++) {
        for (size_t c = 0; c < TH_COUNT(characters); c++) {
            struct th_buf b = {0};
            for (size_t i = 0; i < lead; i++)
                th_buf_putc(&b, 'a');
            while (b.n < 1100)
                th_buf_puts(&b, characters[c]);
            struct th_str got = th_dead_letter_text(&scratch, th_buf_view(&b));
            TH_ROW("%zu letters, then %s", lead, characters[c]);
            TH_CHECK(got.n <= 1000 && got.n > 996 && th_str_is_utf8(got) && got.p == b.p);
            th_buf_free(&b);
        }
    }
    struct th_buf b = {0}; /* bytes that are no text at all */
    for (int i = 0; i < 1100; i++)
        th_buf_putc(&b, (char)0x80);
    struct th_str got = th_dead_letter_text(&scratch, th_buf_view(&b));
    TH_CHECK(got.n > 990 && got.n <= 1000 && got.p[0] == '?' && got.p[got.n - 1] == '?');
    th_buf_free(&b);
    th_buf_free(&scratch);
}

static void test_time(void)
{
    struct th_message m = {.arrived_us = th_clock_mono_us() - 5000000};
    int64_t ago = th_clock_ms() - th_dead_letter_time(&m);
    TH_CHECK(ago >= 4990 && ago < 65000);
}

static void test_first_reason_stays(void)
{
    struct th_message m = {0};
    th_arena_init(&m.arena);
    th_message_dead(&m, TH_DEAD_TOPIC, "%s %d", "first", 1);
    th_message_dead(&m, TH_DEAD_FORGED, "second");
    TH_EQ_STR(m.dead_reason, TH_DEAD_TOPIC);
    TH_EQ_STR(m.dead_detail, "first 1");
    th_arena_free(&m.arena);
}

int main(void)
{
    TH_RUN(test_limit);
    TH_RUN(test_only_one_kept);
    TH_RUN(test_many_devices);
    TH_RUN(test_text);
    TH_RUN(test_text_is_cut);
    TH_RUN(test_time);
    TH_RUN(test_first_reason_stays);
    return TH_END();
}
