// SPDX-License-Identifier: Apache-2.0
#include "bind/api_task.h"

#include <lualib.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "bind/open.h"
#include "io/cron.h"
#include "io/smtp.h"
#include "script/budget.h"
#include "store/store.h"

#define MEMORY_CAP (256u << 20)
#define TASKS_MAX 256
#define TIME_LIMIT_US (30u * 1000 * 1000)
#define SWEEP_MS 500
#define TICK_MS 60000
#define JOBS_MS 500
#define HEADERS_MAX 32

static const char key_engine; /* its address is the registry's key of what api/init.lua returned */

/* ---- answers that need no Lua ---- */

static void answer_plain(struct th_api_task *t, int status, const char *body)
{
    static const struct th_api_header headers[] = {
        {{"content-type", 12}, {"application/problem+json", 24}}, {{"cache-control", 13}, {"no-store", 8}}};
    th_api_cb cb = t->cb;
    t->cb = NULL;
    if (cb != NULL)
        cb(t->arg, &(struct th_api_answer){
                       .status = status, .body = th_str(body), .headers = headers, .nheaders = 2});
}

static void answer_failed(struct th_api_task *t)
{
    answer_plain(t, 500,
        "{\"type\":\"/errors/internal\",\"title\":\"Internal error\",\"status\":500,\"code\":\"internal\"}");
}

static void answer_late(struct th_api_task *t)
{
    answer_plain(
        t, 504, "{\"type\":\"/errors/timeout\",\"title\":\"Timed out\",\"status\":504,\"code\":\"timeout\"}");
}

/* ---- the table of a request ---- */

static void set_str(lua_State *L, const char *name, struct th_str s)
{
    lua_pushlstring(L, s.n > 0 ? s.p : "", s.n);
    lua_setfield(L, -2, name);
}

static void push_headers(lua_State *L, const struct th_api_request *r)
{
    lua_createtable(L, 0, (int)r->nheaders);
    for (unsigned i = 0; i < r->nheaders; i++) {
        const struct th_api_header *h = &r->headers[i];
        luaL_Buffer b;
        luaL_buffinit(L, &b);
        for (size_t k = 0; k < h->name.n; k++) {
            char c = h->name.p[k];
            luaL_addchar(&b, c >= 'A' && c <= 'Z' ? c + 32 : c);
        }
        luaL_pushresult(&b);
        lua_pushlstring(L, h->value.p, h->value.n);
        lua_rawset(L, -3);
    }
}

static void push_request(lua_State *L, const struct th_api_request *r)
{
    lua_createtable(L, 0, 10);
    set_str(L, "method", r->method);
    set_str(L, "path", r->path);
    set_str(L, "query", r->query);
    set_str(L, "body", r->body.n <= TH_API_BODY_MAX ? r->body : TH_STR(""));
    lua_pushinteger(L, (lua_Integer)r->body.n);
    lua_setfield(L, -2, "body_size");
    set_str(L, "id", r->id);
    set_str(L, "peer", r->peer);
    lua_pushboolean(L, r->loopback);
    lua_setfield(L, -2, "loopback");
    push_headers(L, r);
    lua_setfield(L, -2, "headers");
}

/* ---- running ---- */

struct th_api *th_api_of(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &th_api_part);
    struct th_api *api = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return api;
}

struct th_api_task *th_api_task_of(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, L);
    struct th_api_task *t = lua_touserdata(L, -1);
    lua_pop(L, 1);
    if (t == NULL)
        luaL_error(L, "only the coroutine of a request may wait");
    return t;
}

int th_api_wait_with(lua_State *L, struct th_api_task *t, lua_KFunction k, lua_KContext context)
{
    t->waiting = true;
    return lua_yieldk(L, 0, context, k);
}

int th_api_wait(lua_State *L, struct th_api_task *t, lua_KFunction k)
{
    return th_api_wait_with(L, t, k, 0);
}

static void answer(struct th_api_task *t, struct th_api_pieces *pieces);

/* What the function returned is on top of the stack. */
static int on_returned(lua_State *L, int status, lua_KContext ctx)
{
    struct th_api_task *t = th_api_task_of(L);
    int top = lua_gettop(L);
    if (!lua_istable(L, top))
        return 1;
    if (lua_getfield(L, top, "pieces") != LUA_TFUNCTION) {
        lua_settop(L, top);
        return 1;
    }
    lua_insert(L, top); /* below the answer */
    answer(t, &t->pieces);
    lua_settop(L, top);
    return th_api_pieces_run(L);
}

/* Body of the coroutine: everything that may raise happens inside it. */
static int task_main(lua_State *L)
{
    struct th_api_task *t = th_api_task_of(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_engine);
    lua_getfield(L, -1, t->function);
    if (t->request != NULL)
        push_request(L, t->request);
    lua_callk(L, t->request != NULL, 1, 0, on_returned);
    return on_returned(L, LUA_OK, 0);
}

static void read_header(
    lua_State *L, struct th_api_answer *a, struct th_api_header *headers, int name, int value)
{
    if (lua_type(L, name) != LUA_TSTRING || lua_type(L, value) != LUA_TSTRING || a->nheaders == HEADERS_MAX)
        return;
    struct th_api_header *h = &headers[a->nheaders++];
    h->name.p = lua_tolstring(L, name, &h->name.n);
    h->value.p = lua_tolstring(L, value, &h->value.n);
}

/* The answer table is on top of the coroutine's stack and stays there while its texts are used. */
static bool read_answer(lua_State *L, struct th_api_answer *a, struct th_api_header headers[HEADERS_MAX])
{
    if (!lua_istable(L, -1) || lua_getfield(L, -1, "status") != LUA_TNUMBER ||
        lua_getfield(L, -2, "body") != LUA_TSTRING || lua_getfield(L, -3, "headers") != LUA_TTABLE)
        return false;
    *a = (struct th_api_answer){.status = (int)lua_tointeger(L, -3), .headers = headers};
    a->body.p = lua_tolstring(L, -2, &a->body.n);
    int headers_at = lua_gettop(L);
    if (lua_getfield(L, -4, "stream") == LUA_TSTRING)
        a->stream.p = lua_tolstring(L, -1, &a->stream.n);
    lua_pushvalue(L, headers_at);
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        if (!lua_istable(L, -1)) {
            read_header(L, a, headers, -2, -1);
            continue;
        }
        lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
        for (lua_Integer i = 1; i <= n; i++) {
            lua_rawgeti(L, -1, i);
            read_header(L, a, headers, -3, -1);
            lua_pop(L, 1);
        }
    }
    return true;
}

static void answer(struct th_api_task *t, struct th_api_pieces *pieces)
{
    struct th_api_header headers[HEADERS_MAX];
    struct th_api_answer a;
    th_api_cb cb = t->cb;
    if (cb == NULL)
        return;
    th_state_host_begin(t->api->state);
    bool ok = read_answer(t->co, &a, headers);
    th_state_host_end(t->api->state);
    if (!ok) {
        th_erro("api_no_answer", "request=%s", t->id);
        answer_failed(t);
        return;
    }
    t->cb = NULL;
    a.pieces = pieces;
    cb(t->arg, &a);
}

int th_api_answer_now(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    answer(th_api_task_of(L), NULL);
    return 0;
}

static const char jobs_function[] = "jobs";

static void say_drained(struct th_api *api)
{
    if (api->draining && !api->drained && api->count == 0) {
        api->drained = true;
        th_worker_drained(api->w);
    }
}

static void task_free(struct th_api_task *t)
{
    struct th_api *api = t->api;
    th_api_db_end(t);
    th_api_pieces_end(&t->pieces, false);
    if (api->tick == t)
        api->tick = NULL;
    if (t->function == jobs_function)
        api->jobs--;
    api->body_bytes -= t->body_size;
    th_free(t->body);
    th_list_remove(&t->link);
    api->count--;
    if (api->state != NULL) {
        lua_State *L = api->state->L;
        th_state_host_begin(api->state);
        lua_pushnil(L);
        lua_rawsetp(L, LUA_REGISTRYINDEX, t->co);
        luaL_unref(L, LUA_REGISTRYINDEX, t->ref);
        th_state_host_end(api->state);
        if (api->count == 0)
            uv_timer_stop(&api->timer);
    }
    th_arena_free(&t->arena);
    th_free(t);
    say_drained(api);
    if (api->closed && api->count == 0)
        th_free(api);
}

static void run(struct th_api_task *t)
{
    struct th_api *api = t->api;
    int results;
    th_log_set_request(t->id[0] != '\0' ? t->id : NULL);
    t->waiting = false;
    int status = lua_resume(t->co, api->state->L, 0, &results);
    t->request = NULL;
    if (status == LUA_YIELD && !t->waiting) {
        th_erro("api_yielded", "request=%s", t->id);
        status = LUA_ERRRUN;
    }
    if (status == LUA_OK) {
        answer(t, NULL);
    } else if (status != LUA_YIELD) {
        const char *msg = lua_tostring(t->co, -1);
        th_erro("api_broke", "error=\"%s\"", msg != NULL ? msg : "?");
        answer_failed(t);
    }
    th_state_settle(api->state);
    if (status != LUA_YIELD)
        task_free(t);
    th_log_set_request(NULL);
}

void th_api_resume(struct th_api_task *t)
{
    if (t->api->state == NULL)
        task_free(t); /* the state was closed before the operation ended */
    else
        run(t);
}

static void on_sweep(uv_timer_t *timer)
{
    struct th_api *api = timer->data;
    uint64_t now = th_clock_mono_us();
    TH_LIST_EACH (it, next, &api->tasks) {
        struct th_api_task *t = th_list_item(it, struct th_api_task, link);
        if (t->cb != NULL && t->deadline_us <= now) {
            th_warn("api_timeout", "request=%s", t->id);
            answer_late(t);
        }
    }
}

static struct th_api_task *task_new(struct th_api *api, const char *function)
{
    struct th_api_task *t = th_calloc(1, sizeof *t);
    lua_State *L = api->state->L;
    t->api = api;
    t->function = function;
    t->deadline_us = th_clock_mono_us() + TIME_LIMIT_US;
    th_arena_init(&t->arena);
    th_state_host_begin(api->state);
    t->co = lua_newthread(L);
    t->ref = luaL_ref(L, LUA_REGISTRYINDEX);
    lua_pushlightuserdata(L, t);
    lua_rawsetp(L, LUA_REGISTRYINDEX, t->co);
    lua_pushcfunction(t->co, task_main);
    th_state_host_end(api->state);
    th_list_push(&api->tasks, &t->link);
    if (api->count++ == 0)
        uv_timer_start(&api->timer, on_sweep, SWEEP_MS, SWEEP_MS);
    return t;
}

int th_api_call(struct th_worker *w, const struct th_api_request *r, th_api_cb cb, void *arg)
{
    struct th_api *api = w->api;
    if (api == NULL || api->draining)
        return -TH_EUNAVAIL;
    size_t held = r->body.n > TH_API_BODY_MAX ? r->body.n : 0;
    if (api->count >= TASKS_MAX ||
        (held > 0 && api->body_bytes > 0 && api->body_bytes + held > TH_API_BODIES_MAX))
        return -TH_EBUSY;
    struct th_api_task *t = task_new(api, "handle");
    t->cb = cb;
    t->arg = arg;
    t->request = r;
    if (held > 0) {
        t->body = th_alloc(held);
        memcpy(t->body, r->body.p, held);
        t->body_size = held;
        api->body_bytes += held;
    }
    snprintf(t->id, sizeof t->id, "%.*s", TH_STR_FMT(r->id));
    run(t);
    return 0;
}

static void on_tick(struct th_worker *w, void *arg)
{
    struct th_api *api = arg;
    if (api->tick != NULL || api->draining)
        return;
    api->tick = task_new(api, "tick");
    run(api->tick);
}

static void on_jobs(struct th_worker *w, void *arg)
{
    struct th_api *api = arg;
    if (api->jobs >= TH_API_JOBS_MAX || api->draining)
        return;
    api->jobs++;
    run(task_new(api, jobs_function));
}

/* ---- the part ---- */

/* Runs in a protected call. Argument: home. */
static int load(lua_State *L)
{
    const char *home = lua_tostring(L, 1);
    luaL_openlibs(L);
    lua_getglobal(L, "package");
    lua_pushfstring(L, "%s/lua/?.lua;%s/lua/?/init.lua;%s/?.lua;%s/?/init.lua", home, home, home, home);
    lua_setfield(L, -2, "path");
    lua_pushliteral(L, "");
    lua_setfield(L, -2, "cpath");
    lua_pushnil(L);
    lua_setfield(L, -2, "loadlib");
    static const char *const without[] = {"io", "os", "dofile", "loadfile"};
    for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
        lua_pushnil(L);
        lua_setglobal(L, without[i]);
    }
    th_api_open_platform(L);
    th_api_open_db(L);
    lua_setfield(L, -2, "db");
    th_api_open_account(L);
    lua_setfield(L, -2, "account");
    th_api_open_files(L);
    lua_setfield(L, -2, "files");
    th_api_open_live(L);
    lua_setfield(L, -2, "live");
    th_api_open_mail(L);
    lua_setfield(L, -2, "mail");
    th_api_open_notifiers(L);
    lua_setfield(L, -2, "notifiers");
    th_bind_open_json(L);
    lua_setfield(L, -2, "json");
    lua_setglobal(L, "thing");
    lua_getglobal(L, "require");
    lua_pushliteral(L, "api.init");
    lua_call(L, 1, 1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_engine);
    return 0;
}

/* Tasks may outlive the part: their operations end when the connections are stopped. The last one frees. */
static void on_timer_closed(uv_handle_t *handle)
{
    struct th_api *api = handle->data;
    api->closed = true;
    if (api->count == 0)
        th_free(api);
}

static void close_state(struct th_api *api)
{
    struct th_state *state = api->state;
    api->state = NULL;
    th_state_free(state);
    th_free(api->budget);
    th_limits_free(api->limits);
}

static int api_start(struct th_worker *w, struct th_error *err)
{
    struct th_api *api = th_calloc(1, sizeof *api);
    api->w = w;
    th_list_init(&api->tasks);
    api->budget = th_calloc(1, sizeof *api->budget);
    api->limits = th_limits_new();
    api->state = th_state_new(api->budget, MEMORY_CAP);
    w->api = api;
    uv_timer_init(&w->loop, &api->timer);
    api->timer.data = api;
    lua_State *L = api->state->L;
    lua_pushlightuserdata(L, api);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &th_api_part);
    lua_pushcfunction(L, load);
    lua_pushstring(L, w->rt->shared->home);
    if (lua_pcall(L, 1, 0, 0) != LUA_OK) {
        int rc = th_fail(err, TH_ESCRIPT, "api/init.lua: %s", lua_tostring(L, -1));
        w->api = NULL;
        close_state(api);
        uv_close((uv_handle_t *)&api->timer, on_timer_closed);
        return rc;
    }
    if (w->index == 0)
        th_cron_add(w, "api", TICK_MS, on_tick, api);
    if (w->index == w->rt->worker_count - 1)
        th_cron_add(w, "jobs", JOBS_MS, on_jobs, api);
    return 0;
}

static void api_drain(struct th_worker *w)
{
    w->api->draining = true;
    th_smtp_hurry(w); /* requests may wait for a letter's next attempt */
    say_drained(w->api);
}

static void api_stop(struct th_worker *w)
{
    struct th_api *api = w->api;
    w->api = NULL;
    TH_LIST_EACH (it, next, &api->tasks)
        answer_late(th_list_item(it, struct th_api_task, link));
    close_state(api);
    uv_timer_stop(&api->timer);
    uv_close((uv_handle_t *)&api->timer, on_timer_closed);
}

const struct th_worker_part th_api_part = {"api", api_start, api_drain, api_stop};
