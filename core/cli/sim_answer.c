/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include "base/clock.h"
#include "cli/sim_monitor.h"

/* The topic's part after PRODUCT/DEVICE/. */
static struct th_str tail_of(struct th_str topic)
{
    for (int i = 0; i < 2; i++) {
        const char *slash = memchr(topic.p, '/', topic.n);

        if (slash == NULL)
            return TH_STR("");
        topic.n -= (size_t)(slash + 1 - topic.p);
        topic.p = slash + 1;
    }
    return topic;
}

/* The code given to this command before, or 0. */
static int answered_before(const struct th_sim_monitor *d, uint64_t id)
{
    for (int i = 0; i < TH_SIM_ANSWERED; i++)
        if (d->answered[i].id == id)
            return d->answered[i].code;
    return 0;
}

static void remember(struct th_sim_monitor *d, uint64_t id, int code)
{
    d->answered[d->answered_next].id = id;
    d->answered[d->answered_next].code = code;
    d->answered_next = (d->answered_next + 1) % TH_SIM_ANSWERED;
}

static void answer(struct th_sim_monitor *d, const char *tail, struct th_str id, int code, const char *data)
{
    struct th_buf text = {0};

    th_buf_puts(&text, "{\"id\":");
    th_json_put_str(&text, id);
    th_buf_printf(&text, ",\"code\":%d,\"data\":%s}", code, data);
    th_sim_monitor_publish(d, tail, th_buf_view(&text));
    th_buf_free(&text);
}

static const char *check_all(const struct th_json *j, uint32_t params)
{
    TH_JSON_EACH (j, params, i) {
        const char *why = th_sim_air_check(j->nodes[i].key, &j->nodes[i]);

        if (why != NULL)
            return why;
    }
    return NULL;
}

static void on_set(struct th_sim_monitor *d, const struct th_json *j, struct th_str id, uint32_t params)
{
    uint64_t hash = th_str_hash(id);
    int code = answered_before(d, hash);
    struct th_buf data = {0};
    const char *why = NULL;

    if (code == 0) {
        why = check_all(j, params);
        code = why == NULL ? 200 : 500;
        remember(d, hash, code);
        d->commands++;
        if (why == NULL) {
            TH_JSON_EACH (j, params, i) {
                th_sim_air_set(&d->air, j->nodes[i].key, &j->nodes[i]);
            }
        }
        th_sim_monitor_say(d, "set %.*s: %s", TH_STR_FMT(j->nodes[params].raw), why == NULL ? "done" : why);
    }
    if (why != NULL) {
        th_buf_puts(&data, "{\"message\":");
        th_json_put_str(&data, th_str(why));
        th_buf_puts(&data, "}");
    }
    answer(d, "thing/service/property/set_reply", id, code, why != NULL ? data.p : "null");
    th_buf_free(&data);
    if (code == 200)
        th_sim_monitor_report(d, th_clock_ms());
}

static void on_reboot(struct th_sim_monitor *d, struct th_str id)
{
    uint64_t hash = th_str_hash(id);
    int64_t now = th_clock_ms();
    struct th_buf data = {0};
    bool again = answered_before(d, hash) != 0;

    th_buf_printf(&data, "{\"uptime\":%lld}", (long long)(now - d->start_ms) / 1000);
    answer(d, "thing/service/reboot/call_reply", id, 200, data.p);
    th_buf_free(&data);
    if (again)
        return;
    remember(d, hash, 200);
    d->commands++;
    th_sim_monitor_say(d, "reboots, as asked");
    d->start_ms = now;
    d->rebooting = true;
    d->drop_at = d->report_at = now; /* the reply first: the connection ends after one more report */
}

static void on_post_reply(struct th_sim_monitor *d, const struct th_json *j, struct th_str id)
{
    const struct th_json_node *code = th_json_get(j, 0, TH_STR("code"));
    int64_t number = 0, status = 0;

    if (d->asked == 0 || !th_str_int(id, &number) || number != d->asked)
        return;
    d->asked = 0;
    d->replies++;
    if (code != NULL && th_json_int(code, &status) && status >= 200 && status < 300)
        return;
    d->replies_bad++;
    th_sim_monitor_say(d, "report %lld was answered with code %lld", (long long)number, (long long)status);
}

void th_sim_monitor_receive(struct th_sim_monitor *d, struct th_str topic, struct th_str payload)
{
    const struct th_json_node *id, *params;
    struct th_str tail = tail_of(topic);
    struct th_json j = {0};
    struct th_arena arena;

    th_arena_init(&arena);
    if (th_json_read(&j, &arena, payload, NULL) != 0 || j.nodes[0].type != TH_JSON_OBJECT)
        goto out;
    id = th_json_get(&j, 0, TH_STR("id"));
    params = th_json_get(&j, 0, TH_STR("params"));
    if (id == NULL || id->type != TH_JSON_STRING)
        goto out;
    if (th_str_eq(tail, TH_STR("thing/event/property/post_reply")))
        on_post_reply(d, &j, id->text);
    else if (th_str_eq(tail, TH_STR("thing/service/reboot/call")))
        on_reboot(d, id->text);
    else if (th_str_eq(tail, TH_STR("thing/service/property/set")) && params != NULL &&
             params->type == TH_JSON_OBJECT)
        on_set(d, &j, id->text, th_json_index(&j, params));
out:
    th_arena_free(&arena);
}
