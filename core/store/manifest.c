/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "io/topic_match.h"
#include "store/manifest.h"
#include "store/topic.h"

static const struct {
    enum th_function bit;
    const char *name;
} functions[] = {
#define X(id, bit, name) {TH_FUNCTION_##id, name},
    TH_FUNCTIONS(X)
#undef X
};
#define FUNCTION_COUNT (sizeof functions / sizeof *functions)

static bool is_level(struct th_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && (c == 0 || strchr("-_.:", c) == NULL))
            return false;
    }
    return s.n > 0;
}

static int fail(struct th_error *err, const char *list, struct th_str filter, const char *why)
{
    return th_fail(err, TH_EINVAL, "topics.%s: \"%.*s\" %s", list, TH_STR_FMT(th_str_cut(filter, 160)), why);
}

static int check_own(const char *list, struct th_str filter, bool publish, struct th_error *err)
{
    struct th_str rest = filter, level;
    int levels = 0, most = publish ? TH_TOPIC_PUBLISH_LEVELS : TH_TOPIC_SUBSCRIBE_LEVELS;
    while (th_str_split(&rest, '/', &level)) {
        bool many = th_str_eq(level, TH_STR("#"));
        if (++levels == 1 && (th_str_eq(level, TH_STR("thing")) || th_str_eq(level, TH_STR("ota"))))
            return fail(err, list, filter, "is the platform's: the first level is neither thing nor ota");
        if (many && publish)
            return fail(err, list, filter, "has a #: what devices publish is named level by level");
        if (many && rest.p != NULL)
            return fail(err, list, filter, "has a # that is not the last level");
        bool wildcard = many || th_str_eq(level, TH_STR("+"));
        if (wildcard && levels == 1)
            return fail(err, list, filter, "begins with a wildcard");
        if (!wildcard && !is_level(level))
            return fail(err, list, filter, "has a level that is not of A-Z a-z 0-9 - _ . :");
    }
    if (levels > most)
        return fail(err, list, filter, publish ? "has more than three levels" : "has more than eight levels");
    return 0;
}

/* A topic on which devices report, or answer. */
static int check_raw(struct th_str filter, struct th_error *err)
{
    struct th_str name;
    if (th_str_eq(filter, TH_STR("thing/event/+/post")) ||
        th_str_eq(filter, TH_STR("thing/service/+/call_reply")))
        return 0;
    switch (th_topic_kind(filter, &name)) {
    case TH_TOPIC_PROPERTY_POST:
    case TH_TOPIC_EVENT_POST:
    case TH_TOPIC_SET_REPLY:
    case TH_TOPIC_SERVICE_REPLY:
        return 0;
    default:
        return fail(err, "raw", filter, "is none of the topics on which devices report or answer");
    }
}

static int add(struct th_manifest *m, struct th_topics *t, const char *list, const struct th_json_node *item,
    struct th_error *err)
{
    if (item->type != TH_JSON_STRING)
        return th_fail(err, TH_EINVAL, "topics.%s is a list of texts", list);
    if (t->count == TH_TOPICS_MAX)
        return th_fail(err, TH_ETOOBIG, "topics.%s has more than %d topics", list, TH_TOPICS_MAX);
    if (item->text.n > TH_TOPIC_FILTER_MAX)
        return fail(err, list, item->text, "is longer than 128 bytes");
    int rc = t == &m->raw ? check_raw(item->text, err) : check_own(list, item->text, t == &m->publish, err);
    if (rc == 0)
        t->list[t->count++] =
            (struct th_str){th_arena_dup(&m->arena, item->text.p, item->text.n), item->text.n};
    return rc;
}

static struct th_topics *list_of(struct th_manifest *m, struct th_str name)
{
    return th_str_eq(name, TH_STR("publish"))     ? &m->publish
           : th_str_eq(name, TH_STR("subscribe")) ? &m->subscribe
           : th_str_eq(name, TH_STR("raw"))       ? &m->raw
                                                  : NULL;
}

/* An empty table in Lua is neither list nor object. */
static bool is_list(const struct th_json_node *n)
{
    return n->type == TH_JSON_ARRAY || (n->type == TH_JSON_OBJECT && n->count == 0);
}

static int read_topics(struct th_manifest *m, const struct th_json *j, uint32_t topics, struct th_error *err)
{
    if (j->nodes[topics].type != TH_JSON_OBJECT)
        return th_fail(err, TH_EINVAL, "topics is a table {publish, subscribe, raw}");
    TH_JSON_EACH (j, topics, i) {
        struct th_topics *t = list_of(m, j->nodes[i].key);
        char name[32];
        snprintf(name, sizeof name, "%.*s", TH_STR_FMT(th_str_cut(j->nodes[i].key, 31)));
        if (t == NULL)
            return th_fail(err, TH_EINVAL, "topics.%s: there are publish, subscribe and raw", name);
        if (!is_list(&j->nodes[i]))
            return th_fail(err, TH_EINVAL, "topics.%s is a list of texts", name);
        TH_JSON_EACH (j, i, k) {
            int rc = add(m, t, name, &j->nodes[k], err);
            if (rc != 0)
                return rc;
        }
    }
    return 0;
}

static int read_functions(struct th_manifest *m, const struct th_json *j, uint32_t list, struct th_error *err)
{
    if (!is_list(&j->nodes[list]))
        return th_fail(err, TH_EINVAL, "functions is a list of names");
    TH_JSON_EACH (j, list, i) {
        for (size_t k = 0; k < FUNCTION_COUNT; k++)
            if (th_str_eq(j->nodes[i].text, th_str(functions[k].name)))
                m->functions |= functions[k].bit;
    }
    return 0;
}

static int read(struct th_manifest *m, const struct th_json *j, struct th_error *err)
{
    const struct th_json_node *topics = NULL, *list = NULL;
    if (j->nodes[0].type == TH_JSON_OBJECT) {
        topics = th_json_get(j, 0, TH_STR("topics"));
        list = th_json_get(j, 0, TH_STR("functions"));
    }
    if (topics == NULL || list == NULL)
        return th_fail(err, TH_EINVAL, "a manifest is {topics, functions}");
    int rc = read_topics(m, j, th_json_index(j, topics), err);
    if (rc == 0)
        rc = read_functions(m, j, th_json_index(j, list), err);
    if (rc == 0 && m->publish.count + m->raw.count > 0 && (m->functions & TH_FUNCTION_MESSAGE) == 0)
        rc = th_fail(err, TH_EINVAL, "topics: without on_message nothing takes what devices publish");
    return rc;
}

int th_manifest_read(struct th_manifest *m, struct th_str json, struct th_error *err)
{
    struct th_arena arena;
    struct th_json j;
    *m = (struct th_manifest){.known = true};
    th_arena_init(&m->arena);
    th_arena_init(&arena);
    int rc = th_json_read(&j, &arena, json, err);
    if (rc == 0)
        rc = read(m, &j, err);
    th_arena_free(&arena);
    if (rc != 0)
        th_manifest_free(m);
    return rc;
}

static void write_list(const char *name, const struct th_topics *t, struct th_buf *out)
{
    th_buf_printf(out, "\"%s\":[", name);
    for (unsigned i = 0; i < t->count; i++) {
        if (i > 0)
            th_buf_putc(out, ',');
        th_json_put_str(out, t->list[i]);
    }
    th_buf_putc(out, ']');
}

void th_manifest_write(const struct th_manifest *m, struct th_buf *out)
{
    bool first = true;
    th_buf_puts(out, "{\"topics\":{");
    write_list("publish", &m->publish, out);
    th_buf_putc(out, ',');
    write_list("subscribe", &m->subscribe, out);
    th_buf_putc(out, ',');
    write_list("raw", &m->raw, out);
    th_buf_puts(out, "},\"functions\":[");
    for (size_t i = 0; i < FUNCTION_COUNT; i++) {
        if ((m->functions & functions[i].bit) == 0)
            continue;
        th_buf_printf(out, "%s\"%s\"", first ? "" : ",", functions[i].name);
        first = false;
    }
    th_buf_puts(out, "]}");
}

void th_manifest_free(struct th_manifest *m)
{
    th_arena_free(&m->arena);
    *m = (struct th_manifest){0};
}

static bool one_matches(const struct th_topics *t, struct th_str topic)
{
    for (unsigned i = 0; i < t->count; i++)
        if (th_topic_match(t->list[i], topic))
            return true;
    return false;
}

bool th_manifest_takes(const struct th_manifest *m, struct th_str rest)
{
    return one_matches(&m->publish, rest);
}

bool th_manifest_is_raw(const struct th_manifest *m, struct th_str rest)
{
    return one_matches(&m->raw, rest);
}

/* Whether all that `filter` takes in is taken in by `wide`. */
static bool covers(struct th_str wide, struct th_str filter)
{
    struct th_str want, have;
    while (th_str_split(&wide, '/', &want)) {
        if (th_str_eq(want, TH_STR("#")))
            return true;
        bool more = filter.p != NULL && th_str_split(&filter, '/', &have);
        bool one = th_str_eq(want, TH_STR("+"));
        if (!more || th_str_eq(have, TH_STR("#")) || (!one && !th_str_eq(want, have)))
            return false;
    }
    return filter.p == NULL;
}

bool th_manifest_may_hear(const struct th_manifest *m, struct th_str filter)
{
    if (filter.n == 0)
        return false;
    for (unsigned i = 0; i < m->subscribe.count; i++)
        if (covers(m->subscribe.list[i], filter))
            return true;
    return false;
}

bool th_manifest_may_send(const struct th_manifest *m, struct th_str topic)
{
    struct th_str rest = topic, level;
    if (topic.n > TH_TOPIC_MAX || !th_manifest_may_hear(m, topic))
        return false;
    while (th_str_split(&rest, '/', &level))
        if (!is_level(level))
            return false;
    return true;
}

bool th_manifest_has(const struct th_manifest *m, enum th_function function)
{
    return !m->known || (m->functions & function) != 0;
}
