// SPDX-License-Identifier: Apache-2.0
//
// thing.device: what the platform knows of the device at hand, without waiting; and, where a call may wait,
// of another device of the same product, which the worker that owns it tells.
#include "bind/effect.h"
#include "store/store.h"

#define OTHERS_MAX 100 /* reads of other devices in one call */
#define PHASES_OWN (TH_PHASES_DEVICE | TH_PHASE_COMMAND)

static const struct th_call_context *context_of(lua_State *L, const char *function)
{
    th_bind_phase(L, PHASES_OWN, function);
    const struct th_call_context *c = th_task_ctx(L);
    if (c == NULL || c->device == NULL)
        luaL_error(L, "%s is not available here", function);
    return c;
}

/* ---- what is told, as JSON ---- */

static void put_device(struct th_buf *out, const struct th_device *d)
{
    th_buf_puts(out, "{\"product\":");
    th_json_put_str(out, th_str(d->product->key));
    th_buf_puts(out, ",\"key\":");
    th_json_put_str(out, th_str(d->key));
    th_buf_printf(out, ",\"enabled\":%s,\"online\":%s", d->enabled ? "true" : "false",
        d->presence.online ? "true" : "false");
    if (d->presence.connected_at > 0)
        th_buf_printf(out, ",\"connected_at\":%lld", (long long)d->presence.connected_at);
    if (d->about != NULL && d->about[0] == '{' && d->about[1] != '}')
        th_buf_printf(out, ",%s", d->about + 1);
    else
        th_buf_putc(out, '}');
}

/* Nothing when there is no value. */
static void put_latest(struct th_buf *out, const struct th_device *d, struct th_str name)
{
    const struct th_property *p = th_device_property(d, name);
    if (p == NULL)
        return;
    th_buf_printf(out, "[%lld,", (long long)p->time);
    th_buf_str(out, p->value);
    th_buf_putc(out, ']');
}

static void put(struct th_buf *out, const struct th_device *d, struct th_str property)
{
    if (property.p != NULL)
        put_latest(out, d, property);
    else
        put_device(out, d);
}

/* Pushes what was put. */
static int push(lua_State *L, struct th_str json, bool property)
{
    if (json.n == 0)
        return 0;
    th_effect_push_json(L, json);
    if (!property)
        return 1;
    lua_rawgeti(L, -1, 2);
    lua_rawgeti(L, -2, 1);
    return 2;
}

/* ---- another device ---- */

struct ask {
    struct th_mail mail;
    struct th_device_wait wait;
    struct th_worker *home;
    struct th_task *task; /* NULL once it was canceled; home's */
    char *product, *key;
    struct th_str property; /* p NULL: the device itself */
    struct th_buf answer;
    int code;
    struct th_arena arena;
};

static void free_ask(struct ask *a)
{
    th_buf_free(&a->answer);
    th_arena_free(&a->arena);
    th_free(a);
}

static int push_answer(lua_State *L, void *arg)
{
    const struct ask *a = arg;
    if (a->code == -TH_ENOTFOUND)
        return th_bind_fail(L, a->code, "the product has no device %s", a->key);
    if (a->code != 0)
        return th_bind_fail(L, a->code, "the device could not be read");
    return push(L, th_buf_view(&a->answer), a->property.p != NULL);
}

static void on_answer(struct th_worker *w, struct th_mail *mail)
{
    struct ask *a = th_container_of(mail, struct ask, mail);
    if (a->task != NULL)
        th_task_resume(a->task, push_answer, a);
    free_ask(a);
}

static void on_device(struct th_device_wait *wait, struct th_device *d, int code)
{
    struct ask *a = th_container_of(wait, struct ask, wait);
    a->code = code;
    if (code == 0 && (d->absent || strcmp(d->product->key, a->product) != 0))
        a->code = -TH_ENOTFOUND;
    if (a->code == 0)
        put(&a->answer, d, a->property);
    a->mail.run = on_answer;
    th_worker_post(a->home, &a->mail);
}

static void on_owner(struct th_worker *w, struct th_mail *mail)
{
    struct ask *a = th_container_of(mail, struct ask, mail);
    a->wait.ready = on_device;
    th_list_init(&a->wait.link);
    th_device_get(w->store, th_str(a->key), &a->wait);
}

static void cancel(void *op)
{
    ((struct ask *)op)->task = NULL;
}

static int other(lua_State *L, const struct th_call_context *c, struct th_str key, struct th_str property)
{
    struct th_worker *w = c->device->store->w;
    th_bind_phase(L, TH_PHASES_WAIT, "another device's data");
    if (++th_task_quota(L)->others > OTHERS_MAX)
        luaL_error(L, "more than %d reads of other devices in one call", OTHERS_MAX);
    if (w == NULL)
        return th_bind_fail(L, -TH_EUNAVAIL, "not available while a script is tried");
    th_task_may_wait(L);
    struct ask *a = th_calloc(1, sizeof *a);
    th_arena_init(&a->arena);
    a->home = w;
    a->task = th_task_self(L);
    a->key = th_arena_dup(&a->arena, key.p, key.n);
    a->product = th_arena_dup(&a->arena, c->device->product->key, strlen(c->device->product->key));
    if (property.p != NULL)
        a->property = (struct th_str){th_arena_dup(&a->arena, property.p, property.n), property.n};
    a->mail.run = on_owner;
    th_worker_post(th_worker_of_device(w->rt, key), &a->mail);
    return th_task_wait(L, cancel, a);
}

/* ---- the library ---- */

static int answer(lua_State *L, const struct th_call_context *c, int key_arg, struct th_str property)
{
    if (!lua_isnoneornil(L, key_arg)) {
        struct th_str key = th_bind_str(L, key_arg);
        luaL_argcheck(L, th_str_is_key(key), key_arg, "the key of a device expected");
        if (!th_str_eq(key, th_str(c->device->key)))
            return other(L, c, key, property);
    }
    struct th_state *st = th_state_of(L);
    th_buf_reset(&st->out);
    put(&st->out, c->device, property);
    /* Reading it empties the state's buffer. */
    lua_pushlstring(L, st->out.n > 0 ? st->out.p : "", st->out.n);
    return push(L, th_bind_str(L, lua_gettop(L)), property.p != NULL);
}

static int device_get(lua_State *L)
{
    const struct th_call_context *c = context_of(L, "thing.device.get");
    return answer(L, c, 1, (struct th_str){NULL, 0});
}

static int device_latest(lua_State *L)
{
    const struct th_call_context *c = context_of(L, "thing.device.latest");
    struct th_str name = th_bind_str_max(L, 1, 1024);
    return answer(L, c, 2, name);
}

static const luaL_Reg functions[] = {{"get", device_get}, {"latest", device_latest}, {NULL, NULL}};

int th_bind_open_device(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
