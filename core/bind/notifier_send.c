/* SPDX-License-Identifier: Apache-2.0
 *
 * One notification through one notifier: the secrets are unsealed for the call, and masked in all that is
 * told of it. */
#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "bind/bind.h"
#include "bind/call.h"
#include "bind/notifiers.h"
#include "sec/seal.h"

#define SWEEP_MS 500
#define HURRY_US 5000000 /* when the process is to end */
#define RETRY_AFTER_MAX_S 1e6
#define MASK "***"
#define CUT_MIN 4 /* bytes of a secret at the end of a text that was cut there */

struct sending { /* in the notice's arena */
    struct th_call_context c;
    struct th_reach reach;
    struct th_notice *n;
    struct th_json config, secrets, body;
    bool has_secrets;
    uint64_t began_us;
    bool too_long;
};

static struct sending *sending_of(void *ctx)
{
    return th_container_of((struct th_call_context *)ctx, struct sending, c);
}

/* ---- what is told ---- */

static struct th_str masked_once(struct sending *s, struct th_str text, struct th_str secret)
{
    struct th_buf out = {0};
    const char *hit;
    while (secret.n > 0 && (hit = memmem(text.p, text.n, secret.p, secret.n)) != NULL) {
        th_buf_put(&out, text.p, (size_t)(hit - text.p));
        th_buf_puts(&out, MASK);
        text.n -= (size_t)(hit - text.p) + secret.n;
        text.p = hit + secret.n;
    }
    size_t tail = text.n < secret.n ? text.n : secret.n;
    while (tail >= CUT_MIN && memcmp(text.p + text.n - tail, secret.p, tail) != 0)
        tail--;
    bool cut = secret.n > 0 && tail >= CUT_MIN;
    th_buf_put(&out, text.p, cut ? text.n - tail : text.n);
    th_buf_puts(&out, cut ? MASK : "");
    struct th_str whole = {th_arena_dup(&s->n->arena, out.n > 0 ? out.p : "", out.n), out.n};
    th_buf_free(&out);
    return whole;
}

static struct th_str masked(struct sending *s, struct th_str text)
{
    for (uint32_t i = 0; s->has_secrets && i < s->secrets.count; i++)
        if (s->secrets.nodes[i].type == TH_JSON_STRING)
            text = masked_once(s, text, s->secrets.nodes[i].text);
    return text;
}

static void tell(struct sending *s, const char *place, int line, struct th_str text)
{
    struct th_notice *n = s->n;
    text = masked(s, text);
    n->end = TH_NOTICE_FAILED;
    if (line > 0)
        snprintf(n->error, sizeof n->error, "%s:%d: %.*s", place, line, TH_STR_FMT(th_str_cut(text, 450)));
    else
        snprintf(n->error, sizeof n->error, "%.*s", TH_STR_FMT(th_str_cut(text, 550)));
}

void th_notifier_log(
    struct th_gen *gen, void *ctx, enum th_log_level level, struct th_str text, const char *where, int line)
{
    if (ctx == NULL)
        return; /* while it is loaded */
    struct sending *s = sending_of(ctx);
    text = masked(s, text);
    if (level >= TH_LOG_WARN)
        th_warn("notifier_log", "channel=%.*s at=%s:%d text=\"%.*s\"", TH_STR_FMT(s->n->channel), where, line,
            TH_STR_FMT(text));
    else
        th_info("notifier_log", "channel=%.*s at=%s:%d text=\"%.*s\"", TH_STR_FMT(s->n->channel), where, line,
            TH_STR_FMT(text));
}

/* ---- arguments and results ---- */

static void set_text(lua_State *L, const char *name, struct th_str s)
{
    if (s.p == NULL)
        return;
    lua_pushlstring(L, s.p, s.n);
    lua_setfield(L, -2, name);
}

static int push(lua_State *L, void *ctx)
{
    struct sending *s = sending_of(ctx);
    const struct th_notice *n = s->n;
    s->c.task = th_task_self(L);
    th_json_push(L, &s->config, 0);
    if (s->has_secrets) {
        TH_JSON_EACH (&s->secrets, 0, i) {
            lua_pushlstring(L, s->secrets.nodes[i].key.p, s->secrets.nodes[i].key.n);
            th_json_push(L, &s->secrets, i);
            lua_rawset(L, -3);
        }
    }
    th_json_push(L, &s->body, 0);
    set_text(L, "json", n->body);
    set_text(L, "id", th_str(n->id));
    set_text(L, "channel", n->channel);
    set_text(L, "product", n->product);
    set_text(L, "device", n->device);
    lua_pushinteger(L, n->time_ms);
    lua_setfield(L, -2, "time");
    lua_pushboolean(L, n->row == 0);
    lua_setfield(L, -2, "test");
    lua_createtable(L, 0, 1);
    lua_pushinteger(L, n->attempts);
    lua_setfield(L, -2, "attempt");
    return 3;
}

static void take(lua_State *L, int count, void *ctx)
{
    struct sending *s = sending_of(ctx);
    struct th_str why = TH_STR("send answered neither true nor nil and a reason");
    if (count >= 1 && lua_isboolean(L, 1) && lua_toboolean(L, 1)) {
        s->n->end = TH_NOTICE_SENT;
        return;
    }
    if (count >= 2 && !lua_toboolean(L, 1) && lua_type(L, 2) == LUA_TSTRING)
        why.p = lua_tolstring(L, 2, &why.n);
    tell(s, "", 0, why);
    lua_Number seconds = count >= 3 && lua_type(L, 3) == LUA_TNUMBER ? lua_tonumber(L, 3) : 0;
    if (seconds > 0)
        s->n->retry_after_ms = (int64_t)((seconds < RETRY_AFTER_MAX_S ? seconds : RETRY_AFTER_MAX_S) * 1000);
}

/* ---- the call ---- */

static void on_home(struct th_worker *w, struct th_mail *mail)
{
    struct th_notice *n = th_container_of(mail, struct th_notice, mail);
    n->done(n);
}

static void go_home(struct th_notice *n)
{
    n->mail.run = on_home;
    th_worker_post(n->home, &n->mail);
}

static void judge(struct sending *s, const struct th_report *report)
{
    if (report->run == TH_RUN_ERROR)
        tell(s, report->where, report->line, th_str(report->message));
    else if (report->run != TH_RUN_OK)
        tell(s, report->where, report->line, th_str(th_run_name(report->run)));
}

static void on_done(struct th_task *task, const struct th_report *report, void *ctx)
{
    struct sending *s = sending_of(ctx);
    struct th_notifiers *own = s->reach.w->notifiers;
    th_list_remove(&s->n->sending);
    if (th_list_empty(&own->sending))
        uv_timer_stop(&own->timer);
    if (report->run == TH_RUN_CANCELED && s->too_long)
        tell(s, "", 0, TH_STR("it took too long"));
    else if (report->run == TH_RUN_CANCELED)
        s->n->end = TH_NOTICE_CANCELED;
    else
        judge(s, report);
    go_home(s->n);
}

static void on_timer(uv_timer_t *timer)
{
    struct th_notifiers *own = timer->data;
    uint64_t now = th_clock_mono_us();
    bool end = own->hurried_us != 0 && now - own->hurried_us > HURRY_US;
    TH_LIST_EACH (it, tmp, &own->sending) {
        struct th_notice *n = th_list_item(it, struct th_notice, sending);
        struct sending *s = n->sender;
        s->too_long = now - s->began_us > (uint64_t)n->limit_ms * 1000;
        if (s->too_long || end)
            th_task_cancel(s->c.task);
    }
}

static bool unseal(struct sending *s, struct th_worker *w)
{
    struct th_notice *n = s->n;
    struct th_error err;
    size_t size = 0;
    char *plain = th_arena_alloc(&n->arena, n->sealed.n + 1);
    struct th_str about = th_str(th_arena_printf(&n->arena, "channel:%lld", (long long)n->channel_id));
    if (n->sealed.n == 0)
        return true;
    s->has_secrets = th_seal_open(w->rt->shared->keyring, about, n->sealed, plain, &size, &err) == 0 &&
                     th_json_read(&s->secrets, &n->arena, (struct th_str){plain, size}, &err) == 0;
    return s->has_secrets;
}

/* config with the secrets in it, as text. */
static struct th_str whole_config(struct sending *s)
{
    struct th_buf out = {0};
    th_buf_putc(&out, '{');
    const struct th_json *parts[] = {&s->config, s->has_secrets ? &s->secrets : NULL};
    for (size_t p = 0; p < 2 && parts[p] != NULL; p++) {
        TH_JSON_EACH (parts[p], 0, i) {
            th_buf_puts(&out, out.n > 1 ? "," : "");
            th_json_put_str(&out, parts[p]->nodes[i].key);
            th_buf_putc(&out, ':');
            th_buf_str(&out, parts[p]->nodes[i].raw);
        }
    }
    th_buf_putc(&out, '}');
    struct th_str text = {th_arena_dup(&s->n->arena, out.p, out.n), out.n};
    th_buf_free(&out);
    return text;
}

/* NULL: it cannot be sent, and told why. */
static struct th_gen *prepare(struct sending *s, struct th_notifiers *own)
{
    struct th_notice *n = s->n;
    struct th_buf hosts = {0};
    struct th_error err;
    struct th_notifier *notifier = own != NULL ? th_notifier_find(own, n->notifier) : NULL;
    struct th_gen *gen = notifier != NULL ? th_notifier_gen(own, notifier, &err) : NULL;
    if (notifier == NULL || gen == NULL) {
        tell(s, "", 0, notifier == NULL ? TH_STR("its notifier is not there") : th_str(err.msg));
        return NULL;
    }
    bool read = th_json_read(&s->config, &n->arena, n->config, &err) == 0 &&
                th_json_read(&s->body, &n->arena, n->body, &err) == 0;
    if (!read || !unseal(s, own->w)) {
        tell(s, "", 0, read ? TH_STR("the secrets of the channel do not open") : th_str(err.msg));
        return NULL;
    }
    int rc = th_notifier_hosts(gen, whole_config(s), &hosts, &err);
    s->reach = (struct th_reach){
        own->w, th_arena_dup(&n->arena, hosts.n > 0 ? hosts.p : "[]", hosts.n > 0 ? hosts.n : 2)};
    th_buf_free(&hosts);
    if (rc != 0)
        tell(s, "", 0, th_str(err.msg));
    return rc == 0 ? gen : NULL;
}

void th_notifiers_send(struct th_worker *w, struct th_notice *n)
{
    struct th_notifiers *own = w->notifiers;
    struct sending *s = th_arena_zalloc(&n->arena, sizeof *s);
    struct th_report report;
    n->sender = s;
    s->n = n;
    s->began_us = th_clock_mono_us();
    th_list_init(&n->sending);
    struct th_gen *gen = prepare(s, own);
    if (gen == NULL) {
        go_home(n);
        return;
    }
    s->c = (struct th_call_context){.arena = &n->arena, .reach = &s->reach};
    const struct th_call call = {.function = "send",
        .phase = TH_PHASE_NOTIFY,
        .ctx = &s->c,
        .push = push,
        .take = take,
        .on_done = on_done};
    if (th_task_start(gen, &call, &report) != TH_RUN_YIELD) {
        judge(s, &report);
        go_home(n);
        return;
    }
    th_list_push(&own->sending, &n->sending);
    if (!uv_is_active((uv_handle_t *)&own->timer))
        uv_timer_start(&own->timer, on_timer, SWEEP_MS, SWEEP_MS);
}

void th_notifiers_take(struct th_store *store, struct th_notice *n)
{
    th_notifiers_send(store->w, n);
}

void th_notifiers_hurry(struct th_store *store)
{
    if (store->w->notifiers != NULL)
        store->w->notifiers->hurried_us = th_clock_mono_us();
}

void th_notifiers_cancel(struct th_notifiers *own)
{
    while (!th_list_empty(&own->sending)) {
        struct sending *s = th_list_item(own->sending.next, struct th_notice, sending)->sender;
        th_task_cancel(s->c.task);
    }
}
