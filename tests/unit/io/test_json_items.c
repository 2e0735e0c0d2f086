/* SPDX-License-Identifier: Apache-2.0 */
#include "io/json_items.c"

#include "../test.h"

/* Items joined with '|', then '.' when the array ended, '!' when it was cut off or none. */
static const char *walk(const char *text)
{
    static char out[256];
    struct th_str rest, item;
    out[0] = '\0';
    if (!th_json_items_begin(th_str(text), &rest))
        return "!";
    while (th_json_items_next(&rest, &item))
        snprintf(out + strlen(out), sizeof(out) - strlen(out), "%.*s|", TH_STR_FMT(item));
    strcat(out, th_str_eq(rest, TH_STR("]")) ? "." : "!");
    return out;
}

static void test_items(void)
{
    TH_EQ_STR(walk("[]"), ".");
    TH_EQ_STR(walk(" [ ] "), ".");
    TH_EQ_STR(walk("[1, 22 ,3]"), "1|22|3|.");
    TH_EQ_STR(walk("[{\"a\":[1,2],\"b\":{}},[3,[4]]]"), "{\"a\":[1,2],\"b\":{}}|[3,[4]]|.");
    TH_EQ_STR(walk("[\"a,]\",\"\\\"]\",\"\\\\\"]"), "\"a,]\"|\"\\\"]\"|\"\\\\\"|.");
}

static void test_broken(void)
{
    TH_EQ_STR(walk(""), "!");
    TH_EQ_STR(walk("{}"), "!");
    TH_EQ_STR(walk("["), "!");
    TH_EQ_STR(walk("[1,2"), "1|!");
    TH_EQ_STR(walk("[1,{\"a\":1"), "1|!");
    TH_EQ_STR(walk("[\"abc"), "!");
    TH_EQ_STR(walk("[\"abc\\"), "!");
    TH_EQ_STR(walk("[1] 2"), "1|!");
}

int main(void)
{
    TH_RUN(test_items);
    TH_RUN(test_broken);
    return TH_END();
}
