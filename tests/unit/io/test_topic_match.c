/* SPDX-License-Identifier: Apache-2.0 */
#include "io/topic_match.c"

#include "../test.h"

static const struct {
    const char *filter, *topic;
    bool match;
} cases[] = {
    {"a/b", "a/b", true},
    {"a/b", "a/c", false},
    {"a/b", "a", false},
    {"a/b", "a/b/c", false},
    {"a", "a/", false},
    {"a/", "a/", true},
    {"/a", "/a", true},
    {"/a", "a", false},
    {"+", "a", true},
    {"+", "a/b", false},
    {"+", "", false},
    {"+/+", "/a", true},
    {"/+", "/a", true},
    {"+/dev2/thing/service/property/set", "p1/dev2/thing/service/property/set", true},
    {"+/dev2/thing/service/property/set", "p1/dev3/thing/service/property/set", false},
    {"#", "a", true},
    {"#", "a/b/c", true},
    {"a/#", "a", true},
    {"a/#", "a/b/c", true},
    {"a/#", "ab", false},
    {"a/+/#", "a", false},
    {"a/+/#", "a/b", true},
    {"#", "$SYS/brokers", false},
    {"+/brokers", "$SYS/brokers", false},
    {"$SYS/#", "$SYS/brokers", true},
    {"$SYS/+", "$SYS/brokers", true},
    {"a/#/b", "a/x/b", false},
    {"a/#/b", "a", false},
    {"a#", "a#", false},
    {"a/b+", "a/b+", false},
    {"$share/g/a/+", "a/b", true},
    {"$share/g/#", "a/b", true},
    {"$share/g", "a", false},
    {"$share/g/", "a", false},
    {"$share/g/+", "$SYS", false},
    {"", "a", false},
};

static void test_cases(void)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bool match = th_topic_match(th_str(cases[i].filter), th_str(cases[i].topic));
        if (match != cases[i].match)
            fprintf(stderr, "filter '%s', topic '%s'\n", cases[i].filter, cases[i].topic);
        TH_CHECK(match == cases[i].match);
    }
}

int main(void)
{
    TH_RUN(test_cases);
    return TH_END();
}
