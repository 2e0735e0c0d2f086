/* SPDX-License-Identifier: Apache-2.0 */
#include "io/topic_match.h"

static bool has_wildcard(struct th_str level)
{
    return level.n > 0 && (memchr(level.p, '+', level.n) != NULL || memchr(level.p, '#', level.n) != NULL);
}

static struct th_str without_share(struct th_str filter)
{
    struct th_str rest = filter, level;
    if (!th_str_starts(filter, TH_STR("$share/")))
        return filter;
    th_str_split(&rest, '/', &level);
    th_str_split(&rest, '/', &level);
    return rest.p != NULL ? rest : TH_STR("");
}

bool th_topic_match(struct th_str filter, struct th_str topic)
{
    filter = without_share(filter);
    if (filter.n == 0 || topic.n == 0)
        return false;
    if (topic.p[0] == '$' && (filter.p[0] == '+' || filter.p[0] == '#'))
        return false;
    struct th_str want, have;
    while (th_str_split(&filter, '/', &want)) {
        if (th_str_eq(want, TH_STR("#")))
            return filter.p == NULL; /* only as the last level */
        bool more = topic.p != NULL && th_str_split(&topic, '/', &have);
        bool one = th_str_eq(want, TH_STR("+"));
        if (!more || (!one && (has_wildcard(want) || !th_str_eq(want, have))))
            return false;
    }
    return topic.p == NULL;
}
