/* SPDX-License-Identifier: Apache-2.0 */
#include "store/topic.h"

static bool cut(struct th_str *s, struct th_str prefix)
{
    if (!th_str_starts(*s, prefix))
        return false;
    s->p += prefix.n;
    s->n -= prefix.n;
    return true;
}

/* {name}/{action} with a name of the form of a key. */
static bool name_and_action(struct th_str s, struct th_str *name, struct th_str *action)
{
    const char *slash = s.n > 0 ? memchr(s.p, '/', s.n) : NULL;
    if (slash == NULL)
        return false;
    *name = (struct th_str){s.p, (size_t)(slash - s.p)};
    *action = (struct th_str){slash + 1, s.n - name->n - 1};
    return th_str_is_key(*name);
}

enum th_topic_kind th_topic_kind(struct th_str rest, struct th_str *name)
{
    struct th_str s = rest, action;
    if (cut(&s, TH_STR("thing/event/")) && name_and_action(s, name, &action)) {
        if (!th_str_eq(action, TH_STR("post")))
            return TH_TOPIC_OWN;
        return th_str_eq(*name, TH_STR("property")) ? TH_TOPIC_PROPERTY_POST : TH_TOPIC_EVENT_POST;
    }
    s = rest;
    if (cut(&s, TH_STR("thing/service/")) && name_and_action(s, name, &action)) {
        bool property = th_str_eq(*name, TH_STR("property"));
        if (property && th_str_eq(action, TH_STR("set")))
            return TH_TOPIC_PROPERTY_SET;
        if (property && th_str_eq(action, TH_STR("set_reply")))
            return TH_TOPIC_SET_REPLY;
        if (th_str_eq(action, TH_STR("call")))
            return TH_TOPIC_SERVICE_CALL;
        if (th_str_eq(action, TH_STR("call_reply")))
            return TH_TOPIC_SERVICE_REPLY;
        return TH_TOPIC_OWN;
    }
    if (th_str_eq(rest, TH_STR("thing/file/upload")))
        return TH_TOPIC_FILE_UPLOAD;
    if (th_str_eq(rest, TH_STR("ota/version")))
        return TH_TOPIC_OTA_VERSION;
    if (th_str_eq(rest, TH_STR("thing/factory-metadata/get")))
        return TH_TOPIC_FACTORY_GET;
    return TH_TOPIC_OWN;
}

bool th_topic_parse(struct th_str text, struct th_topic *t)
{
    if (text.n > 0 && text.p[0] == '/') {
        text.p++;
        text.n--;
    }
    struct th_str rest;
    if (!name_and_action(text, &t->product, &rest) || !name_and_action(rest, &t->device, &t->rest))
        return false;
    if (t->rest.n == 0)
        return false;
    t->name = (struct th_str){NULL, 0};
    t->kind = th_topic_kind(t->rest, &t->name);
    return true;
}

bool th_topic_may_publish(struct th_str rest)
{
    struct th_str name = {NULL, 0};
    switch (th_topic_kind(rest, &name)) {
    case TH_TOPIC_PROPERTY_POST:
    case TH_TOPIC_EVENT_POST:
    case TH_TOPIC_SET_REPLY:
    case TH_TOPIC_SERVICE_REPLY:
    case TH_TOPIC_FILE_UPLOAD:
    case TH_TOPIC_OTA_VERSION:
    case TH_TOPIC_FACTORY_GET:
        return true;
    default:
        return false;
    }
}

/* A device hears what the platform says to it: replies, commands, OTA pushes. A filter may stand for several
 * of them
 * (`thing/service/#`, `thing/event/+/post_reply`) as long as it stays below these branches. */
bool th_topic_may_subscribe(struct th_str rest)
{
    struct th_str s = rest;
    if (th_str_eq(rest, TH_STR("ota/version_reply")) || th_str_eq(rest, TH_STR("ota/upgrade")))
        return true;
    return cut(&s, TH_STR("thing/event/")) || cut(&s, TH_STR("thing/service/")) ||
           cut(&s, TH_STR("thing/file/")) || cut(&s, TH_STR("thing/factory-metadata/"));
}
