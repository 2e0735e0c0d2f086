/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/hex.h"
#include "hook/try_private.h"
#include "store/dead_letter.h"
#include "store/outbox.h"

#define DEFAULT_REST "thing/event/property/post"
#define COMMANDS_MAX 100

static const struct th_json_node *text_member(const struct th_json *j, uint32_t node, struct th_str name)
{
    const struct th_json_node *n = th_json_get(j, node, name);
    return n != NULL && n->type == TH_JSON_STRING ? n : NULL;
}

static struct th_str text_of(
    const struct th_json *j, uint32_t node, struct th_str name, struct th_str otherwise)
{
    const struct th_json_node *n = text_member(j, node, name);
    return n != NULL ? n->text : otherwise;
}

/* The payload of a message in one of its forms; false: in none. */
static bool read_payload(
    struct th_trial_input *in, struct th_arena *arena, const struct th_json *j, uint32_t node)
{
    const struct th_json_node *hex = text_member(j, node, TH_STR("hex")),
                              *base64 = text_member(j, node, TH_STR("base64")),
                              *payload = th_json_get(j, node, TH_STR("payload"));
    if (payload != NULL) {
        in->payload = payload->type == TH_JSON_STRING ? payload->text : payload->raw;
        return hex == NULL && base64 == NULL;
    }
    if (hex != NULL) {
        char *bytes = th_arena_alloc(arena, hex->text.n / 2 + 1);
        in->payload = (struct th_str){bytes, hex->text.n / 2};
        return base64 == NULL && hex->text.n % 2 == 0 && th_hex_decode(bytes, hex->text);
    }
    if (base64 == NULL)
        return false;
    char *bytes = th_arena_alloc(arena, th_base64_max(base64->text.n) + 1);
    in->payload.p = bytes;
    return th_base64_decode(bytes, &in->payload.n, base64->text);
}

/* {"name", "args"?} */
static bool read_timer(struct th_trial_input *in, struct th_arena *arena, const struct th_json *j,
    const struct th_json_node *timer)
{
    uint32_t node = th_json_index(j, timer);
    if (timer->type != TH_JSON_OBJECT)
        return false;
    const struct th_json_node *name = text_member(j, node, TH_STR("name")),
                              *args = th_json_get(j, node, TH_STR("args"));
    if (name == NULL)
        return false;
    in->function = th_arena_dup(arena, name->text.p, name->text.n);
    in->payload = args != NULL ? args->raw : TH_STR("null");
    return true;
}

bool th_trial_read(struct th_trial_input *in, struct th_arena *arena, const struct th_json *j, uint32_t node)
{
    *in = (struct th_trial_input){.topic = TH_STR(DEFAULT_REST)};
    if (j->nodes[node].type != TH_JSON_OBJECT)
        return false;
    const struct th_json_node *kv = th_json_get(j, node, TH_STR("kv"));
    const struct th_json_node *alarms = th_json_get(j, node, TH_STR("alarms"));
    const struct th_json_node *timer = th_json_get(j, node, TH_STR("timer"));
    if ((kv != NULL && kv->type != TH_JSON_OBJECT) || (alarms != NULL && alarms->type != TH_JSON_OBJECT))
        return false;
    const struct th_json_node *received = th_json_get(j, node, TH_STR("received"));
    if (received != NULL && (!th_json_int(received, &in->received_ms) || in->received_ms <= 0))
        return false;
    if (kv != NULL)
        in->kv = kv->raw;
    if (alarms != NULL)
        in->alarms = alarms->raw;
    if (timer != NULL)
        return read_timer(in, arena, j, timer);
    const struct th_json_node *topic = th_json_get(j, node, TH_STR("topic"));
    const struct th_json_node *commands = th_json_get(j, node, TH_STR("commands"));
    const struct th_json_node *event = text_member(j, node, TH_STR("event"));
    if (commands != NULL || event != NULL) {
        in->json = j;
        in->node = node;
        return commands == NULL ? th_str_eq(event->text, TH_STR("connect")) ||
                                      th_str_eq(event->text, TH_STR("disconnect")) ||
                                      th_str_eq(event->text, TH_STR("auth"))
                                : commands->type == TH_JSON_ARRAY && commands->count > 0 &&
                                      commands->count <= COMMANDS_MAX;
    }
    if (topic != NULL && topic->type != TH_JSON_STRING)
        return false;
    if (topic != NULL)
        in->topic = topic->text;
    return read_payload(in, arena, j, node);
}

static struct th_message *new_message(struct trial *trial, enum th_hook_kind kind)
{
    struct th_message *m = th_calloc(1, sizeof *m);
    th_arena_init(&m->arena);
    m->effects_tail = &m->effects;
    m->kind = kind;
    m->time_ms = trial->received_ms;
    m->device = &trial->device;
    m->product_key = th_str(trial->product.key);
    m->device_key = th_str(trial->device.key);
    return m;
}

static bool finish(struct th_message *m, struct th_buf *out)
{
    th_trial_put_effects(out, m);
    th_buf_putc(out, '}');
    bool ok = m->dead_reason == NULL || strcmp(m->dead_reason, TH_DEAD_SCRIPT) != 0;
    th_arena_free(&m->arena);
    th_free(m);
    return ok;
}

/* A function that was put off. */
static bool try_timer(struct trial *trial, const struct th_trial_input *in, struct th_buf *out)
{
    struct th_message *m = new_message(trial, TH_HOOK_TIMER);
    struct th_outbox_row row = {.function = th_str(in->function)};
    struct th_call_context c = {.arena = &m->arena, .device = m->device, .message = m};
    struct th_report report;
    m->outbox = &row;
    m->payload = in->payload;
    if (!trial->runner.run(
            &trial->runner, &c, in->function, TH_PHASE_TIMER, th_call_push_timer, NULL, &report))
        trial->runner.failed(&trial->runner, m, &report);
    else if (report.run == TH_RUN_NO_FUNCTION)
        th_message_dead(m, TH_DEAD_SCRIPT, "the script has no function %s", in->function);
    return finish(m, out);
}

static bool try_message(struct trial *trial, const struct th_trial_input *in, struct th_buf *out)
{
    struct th_message *m = new_message(trial, TH_HOOK_PUBLISH);
    m->topic_text = th_str(th_arena_printf(
        &m->arena, "%s/%s/%.*s", trial->product.key, trial->device.key, TH_STR_FMT(in->topic)));
    m->payload = in->payload;
    if (!th_topic_parse(m->topic_text, &m->topic))
        th_message_dead(m, TH_DEAD_TOPIC, "not a topic of a device");
    else
        th_interpret_read(m, trial->t->conf);
    if (m->dead_reason == NULL)
        th_interpret(&trial->runner, m);
    return finish(m, out);
}

static bool try_connection(
    struct trial *trial, const struct th_trial_input *in, bool connected, struct th_buf *out)
{
    struct th_message *m = new_message(trial, connected ? TH_HOOK_CONNECTED : TH_HOOK_DISCONNECTED);
    const struct th_json_node *protocol = th_json_get(in->json, in->node, TH_STR("protocol"));
    int64_t version = 4;
    if (protocol != NULL)
        th_json_int(protocol, &version);
    m->node = 1;
    m->protocol = (int)version;
    m->address = text_of(in->json, in->node, TH_STR("address"), TH_STR("192.0.2.1:1883"));
    m->reason = text_of(in->json, in->node, TH_STR("reason"), TH_STR("DisconnectReceived"));
    /* As if it were the connection that presence speaks of. */
    trial->device.presence = (struct th_presence){0};
    if (!connected)
        th_presence_connected(&trial->device.presence, m->time_ms, m->node, m->address);
    th_interpret(&trial->runner, m);
    return finish(m, out);
}

static bool flag(const struct th_json *j, uint32_t node, struct th_str name, bool otherwise)
{
    const struct th_json_node *n = th_json_get(j, node, name);
    return n != NULL && n->type == TH_JSON_BOOL ? n->truth : otherwise;
}

/* A failed call, as the effects of one that failed. */
static bool failed(struct trial *trial, const struct th_report *report, struct th_buf *out)
{
    struct th_message *m = new_message(trial, TH_HOOK_OTHER);
    trial->runner.failed(&trial->runner, m, report);
    return finish(m, out);
}

/* {"event": "auth", "password"?, "key"?, "address"?, "protocol"?, "known"?, "mtls"?}: with a password as it
 * is asked under the setting auth = script. */
static bool try_auth(struct trial *trial, const struct th_trial_input *in, struct th_buf *out)
{
    const struct th_json *j = in->json;
    const struct th_json_node *password = text_member(j, in->node, TH_STR("password")),
                              *key = text_member(j, in->node, TH_STR("key"));
    struct th_str list[1] = {key != NULL ? key->text : TH_STR("")};
    struct th_keys keys = {list, key != NULL};
    struct th_arena arena;
    struct th_report report;
    struct th_client client = {.address = text_of(j, in->node, TH_STR("address"), TH_STR("192.0.2.1:1883")),
        .protocol = text_of(j, in->node, TH_STR("protocol"), TH_STR("4")),
        .known = flag(j, in->node, TH_STR("known"), true),
        .mtls = flag(j, in->node, TH_STR("mtls"), false),
        .keys = &keys};
    if (password != NULL)
        client.password = password->text;
    th_arena_init(&arena);
    struct th_call_context c = {.arena = &arena, .device = &trial->device, .client = &client};
    bool ok = trial->runner.run(
        &trial->runner, &c, "on_auth", TH_PHASE_AUTH, th_call_push_client, th_call_take_answer, &report);
    if (ok) {
        bool yes =
            client.answer == TH_CLIENT_ACCEPTED || (password == NULL && client.answer == TH_CLIENT_UNDECIDED);
        th_buf_printf(out, "{\"allowed\":%s,\"why\":", yes ? "true" : "false");
        th_json_put_str(out, client.why.p != NULL ? client.why : TH_STR(""));
        th_buf_putc(out, '}');
    } else {
        failed(trial, &report, out);
    }
    th_arena_free(&arena);
    return ok;
}

/* {"commands": [{"name"?, "params"?}], "format"?}: what on_command makes of them. */
static bool try_commands(struct trial *trial, const struct th_trial_input *in, struct th_buf *out)
{
    const struct th_json *j = in->json;
    uint32_t list = th_json_index(j, th_json_get(j, in->node, TH_STR("commands")));
    struct th_outgoing commands[COMMANDS_MAX];
    struct th_call_context c = {.device = &trial->device, .commands = commands, .message_id = TH_STR("1")};
    struct th_arena arena;
    struct th_report report;
    TH_JSON_EACH (j, list, i) {
        const struct th_json_node *params =
            j->nodes[i].type == TH_JSON_OBJECT ? th_json_get(j, i, TH_STR("params")) : NULL;
        commands[c.ncommands] = (struct th_outgoing){.id = (int64_t)c.ncommands + 1,
            .name = j->nodes[i].type == TH_JSON_OBJECT ? text_of(j, i, TH_STR("name"), TH_STR("property"))
                                                       : TH_STR("property"),
            .params = params != NULL ? params->raw : TH_STR("{}")};
        c.ncommands++;
    }
    trial->product.command_format =
        th_str_eq(text_of(j, in->node, TH_STR("format"), TH_STR("")), TH_STR("ids")) ? TH_COMMAND_IDS
                                                                                     : TH_COMMAND_PLAIN;
    th_arena_init(&arena);
    c.arena = &arena;
    bool ok = trial->runner.run(&trial->runner, &c, "on_command", TH_PHASE_COMMAND, th_call_push_commands,
        th_call_take_command, &report);
    if (ok) {
        th_buf_putc(out, '{');
        th_trial_put_sent(out, c.rest, c.payload);
        th_buf_putc(out, '}');
    } else {
        failed(trial, &report, out);
    }
    th_arena_free(&arena);
    return ok;
}

static bool run_input(struct trial *trial, const struct th_trial_input *in, struct th_buf *out)
{
    if (in->json == NULL)
        return in->function != NULL ? try_timer(trial, in, out) : try_message(trial, in, out);
    if (th_json_get(in->json, in->node, TH_STR("commands")) != NULL)
        return try_commands(trial, in, out);
    struct th_str event = text_of(in->json, in->node, TH_STR("event"), TH_STR(""));
    if (th_str_eq(event, TH_STR("auth")))
        return try_auth(trial, in, out);
    return try_connection(trial, in, th_str_eq(event, TH_STR("connect")), out);
}

bool th_trial_run(struct trial *trial, const struct th_trial_input *in, struct th_buf *out)
{
    trial->received_ms = in->received_ms != 0 ? in->received_ms : th_clock_ms();
    if (in->kv.p != NULL)
        th_kv_read(&trial->device.kv, in->kv);
    if (in->alarms.p != NULL)
        th_alarms_read(&trial->device.alarms, in->alarms);
    bool ok = run_input(trial, in, out);
    th_kv_free(&trial->device.kv);
    th_alarms_free(&trial->device.alarms);
    return ok;
}
