/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/hex.h"
#include "hook/envelope.h"
#include "hook/identity.h"
#include "sec/digest.h"
#include "store/dead_letter.h"

#define YEAR_2000_MS 946684800000LL
#define DAY_MS 86400000LL

static bool int_of(const struct th_json *j, struct th_str name, int64_t *out)
{
    const struct th_json_node *n = th_json_get(j, 0, name);
    return n != NULL && n->type == TH_JSON_NUMBER && th_json_int(n, out);
}

static bool is_address(struct th_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (strchr("0123456789abcdefABCDEF.:[]%", s.p[i]) == NULL || s.p[i] == 0)
            return false;
    return s.n < TH_ADDRESS_LEN;
}

struct names { /* of the members, which differ between hooks */
    struct th_str node, client_id, username, address, time;
};

static const struct names of_publish = {
    {"from_node", 9}, {"from_clientid", 13}, {"from_username", 13}, {"from_ipaddress", 14}, {"ts", 2}};
static const struct names of_connected = {
    {"node", 4}, {"clientid", 8}, {"username", 8}, {"ipaddress", 9}, {"connected_at", 12}};
static const struct names of_disconnected = {
    {"node", 4}, {"clientid", 8}, {"username", 8}, {"ipaddress", 9}, {"disconnected_at", 15}};
static const struct names of_subscribe = {
    {"node", 4}, {"clientid", 8}, {"username", 8}, {"ipaddress", 9}, {NULL, 0}};

static const struct names *names_of(struct th_str action, enum th_hook_kind *kind)
{
    static const struct {
        const char *action;
        enum th_hook_kind kind;
        const struct names *names;
    } table[] = {
        {"message_publish", TH_HOOK_PUBLISH, &of_publish},
        {"client_connected", TH_HOOK_CONNECTED, &of_connected},
        {"client_disconnected", TH_HOOK_DISCONNECTED, &of_disconnected},
        {"client_subscribe", TH_HOOK_SUBSCRIBE, &of_subscribe},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (th_str_eq(action, th_str(table[i].action))) {
            *kind = table[i].kind;
            return table[i].names;
        }
    }
    *kind = TH_HOOK_OTHER;
    return NULL;
}

/* Node, time, address and sender. */
static bool read_sender(struct th_message *m, const struct th_json *j, const struct names *names,
    const struct th_door *door, struct th_str *username)
{
    int64_t node = 0, now = th_clock_ms();
    m->device_key = th_json_text(j, 0, names->client_id);
    *username = th_json_text(j, 0, names->username);
    m->address = th_json_text(j, 0, names->address);
    if (!int_of(j, names->node, &node) || node < 0 || node > INT32_MAX) {
        th_message_dead(m, TH_DEAD_NOT_HOOK, "%.*s is not a node's number", TH_STR_FMT(names->node));
        return false;
    }
    m->node = (int)node;
    if (door->node != 0 && door->node != m->node) {
        th_message_dead(m, TH_DEAD_NODE, "node %d with the token of node %d", m->node, door->node);
        return false;
    }
    if (!is_address(m->address)) {
        th_message_dead(m, TH_DEAD_NOT_HOOK, "%.*s is not an address", TH_STR_FMT(names->address));
        return false;
    }
    m->time_ms = now;
    if (names->time.n > 0 &&
        (!int_of(j, names->time, &m->time_ms) || m->time_ms < YEAR_2000_MS || m->time_ms > now + DAY_MS)) {
        m->time_ms = now;
        th_message_dead(m, TH_DEAD_NOT_HOOK, "%.*s is not a time in milliseconds", TH_STR_FMT(names->time));
        return false;
    }
    return true;
}

static void digest_of(struct th_message *m, const struct th_str *what, int nwhat, struct th_str username)
{
    unsigned char first[32], second[32];
    const int64_t numbers[] = {m->time_ms, m->packet_id, m->kind};
    char delivery[3 * (TH_INT_MAX + 1)];
    size_t n = 0;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        n += th_str_put_int(delivery + n, numbers[i]);
        delivery[n++] = ' ';
    }
    th_sha256(first, what, nwhat);
    struct th_str parts[] = {
        {(const char *)first, sizeof first}, {delivery, n}, username, {"/", 1}, m->device_key};
    th_sha256(second, parts, 5);
    memcpy(m->digest, first, 8);
    memcpy(m->digest + 8, second, 8);
}

static bool decode_payload(struct th_message *m, const struct th_json *j)
{
    const struct th_json_node *n = th_json_get(j, 0, TH_STR("payload"));
    if (n == NULL || n->type != TH_JSON_STRING) {
        th_message_dead(m, TH_DEAD_NOT_HOOK, "payload is missing");
        return false;
    }
    char *bytes = th_arena_alloc(&m->arena, th_base64_max(n->text.n) + 1);
    size_t size;
    if (!th_base64_decode(bytes, &size, n->text)) {
        th_message_dead(m, TH_DEAD_NOT_HOOK, "payload is not base64");
        return false;
    }
    m->payload = (struct th_str){bytes, size};
    return true;
}

/* What a device may say, and a will no more than a report, an event, or something on an own topic. Which of
 * these it has is known by its product's script. */
static bool may_say(const struct th_message *m, bool will)
{
    if (will)
        return m->topic.kind == TH_TOPIC_PROPERTY_POST || m->topic.kind == TH_TOPIC_EVENT_POST ||
               m->topic.kind == TH_TOPIC_OWN;
    return m->topic.kind != TH_TOPIC_PROPERTY_SET && m->topic.kind != TH_TOPIC_SERVICE_CALL;
}

static void read_publish(
    struct th_message *m, const struct th_json *j, const struct th_identity *who, struct th_str username)
{
    int64_t qos = 0;
    const struct th_json_node *dup = th_json_get(j, 0, TH_STR("dup"));
    int_of(j, TH_STR("qos"), &qos);
    m->qos = (int)qos;
    m->packet_id = -1;
    int_of(j, TH_STR("packet_id"), &m->packet_id);
    m->dup = dup != NULL && dup->truth;
    if (!decode_payload(m, j))
        return;
    struct th_str what[] = {m->topic_text, {"", 1}, m->payload};
    digest_of(m, what, 3, username);
    if (!th_topic_parse(m->topic_text, &m->topic)) {
        th_message_dead(m, TH_DEAD_TOPIC, "not {product}/{device}/...");
        return;
    }
    struct th_str from = th_json_text(j, 0, TH_STR("from_type"));
    if (!th_str_eq(m->topic.product, who->product) || !th_str_eq(m->topic.device, who->device))
        th_message_dead(m, TH_DEAD_FORGED, "sent by %.*s of product %.*s", TH_STR_FMT(who->device),
            TH_STR_FMT(who->product));
    else if (!may_say(m, !th_str_eq(from, TH_STR("custom"))))
        th_message_dead(m, TH_DEAD_FORGED, "a device may not say this (from_type %.*s)", TH_STR_FMT(from));
}

/* The filter's first two levels must be the client's own; `+` stands for the product in auto-subscriptions.
 */
static void read_subscribe(struct th_message *m, const struct th_identity *who)
{
    struct th_str rest = m->topic_text, product, device;
    if (rest.n > 0 && rest.p[0] == '/')
        rest = (struct th_str){rest.p + 1, rest.n - 1};
    bool own = rest.n > 0 && th_str_split(&rest, '/', &product) && rest.p != NULL &&
               th_str_split(&rest, '/', &device) && rest.p != NULL &&
               (th_str_eq(product, who->product) || th_str_eq(product, TH_STR("+"))) &&
               th_str_eq(device, who->device);
    if (own)
        m->topic.rest = rest;
    else
        m->kind = TH_HOOK_OTHER;
}

static void read_presence(struct th_message *m, const struct th_json *j, struct th_str username)
{
    int64_t protocol = 0;
    int_of(j, TH_STR("proto_ver"), &protocol);
    m->protocol = protocol > 0 && protocol < 256 ? (int)protocol : 0;
    m->reason = th_str_cut(th_json_text(j, 0, TH_STR("reason")), 200);
    struct th_str what[] = {m->action, m->address};
    digest_of(m, what, 2, username);
}

void th_envelope_read(struct th_message *m, const struct th_door *door)
{
    struct th_error err;
    struct th_json j;
    struct th_str username;
    m->kind = TH_HOOK_OTHER;
    m->packet_id = -1;
    m->effects_tail = &m->effects;
    m->time_ms = th_clock_ms();
    m->node = door->node;
    if (th_json_read(&j, &m->arena, m->body, &err) != 0) {
        th_message_dead(m, TH_DEAD_NOT_HOOK, "%s", err.msg);
        return;
    }
    if (j.nodes[0].type != TH_JSON_OBJECT) {
        th_message_dead(m, TH_DEAD_NOT_HOOK, "not a JSON object");
        return;
    }
    m->action = th_json_text(&j, 0, TH_STR("action"));
    m->topic_text = th_json_text(&j, 0, TH_STR("topic"));
    const struct names *names = names_of(m->action, &m->kind);
    if (m->action.n == 0)
        th_message_dead(m, TH_DEAD_NOT_HOOK, "action is missing");
    if (names == NULL || !read_sender(m, &j, names, door, &username))
        return;
    struct th_identity who;
    if (th_identity_reserved(m->device_key)) {
        m->kind = TH_HOOK_OTHER; /* the platform's own publishes come back as hooks */
        return;
    }
    if (!th_identity_read(username, m->device_key, door->mtls, &who)) {
        th_message_dead(
            m, TH_DEAD_FORGED, "nobody: username \"%.*s\"", TH_STR_FMT(th_str_cut(username, 128)));
        return;
    }
    m->product_key = who.product;
    if (m->kind == TH_HOOK_PUBLISH)
        read_publish(m, &j, &who, username);
    else if (m->kind == TH_HOOK_SUBSCRIBE)
        read_subscribe(m, &who);
    else
        read_presence(m, &j, username);
}
