// SPDX-License-Identifier: Apache-2.0
//
// thing.http: requests to the hosts that the product's settings list, or that a notifier names for the
// channel it sends for; for calls that may wait. Everything that goes out goes through io/http_client, which
// looks at the address really connected to; each redirect is held against the list like the first URL.
#include <strings.h>
#include "bind/effect.h"
#include "io/http_client.h"
#include "io/http_hosts.h"
#include "store/store.h"

#define CALLS_MAX 10 /* in one call of a function */
#define URL_MAX 2048
#define BODY_MAX (64u << 10)
#define ANSWER_MAX (256u << 10)
#define HEADERS_MAX 32
#define ANSWER_HEADERS_MAX 100
#define HEADER_BYTES_MAX (8u << 10)
#define TIMEOUT_DEFAULT_S 10
#define TIMEOUT_MAX_S 30
#define REDIRECTS 3
#define HOSTS_MAX 100

struct op {
    struct th_task *task; /* NULL once it was canceled */
    struct th_http_call *call;
    const struct th_http_answer *answer;
    struct th_http_hosts hosts;
    struct th_arena arena;
};

/* ---- the request ---- */

struct request {
    struct th_http_request r;
    const char *headers[HEADERS_MAX + 2];
    unsigned nheaders;
    size_t header_bytes;
    bool typed;
};

/* What describes the connection is not the script's to say. */
static bool may_set(const char *name)
{
    static const char *const ours[] = {"host", "content-length", "transfer-encoding", "connection", "expect",
        "upgrade", "te", "trailer", "keep-alive", "proxy-connection", "proxy-authorization"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (strcasecmp(name, ours[i]) == 0)
            return false;
    return name[0] != '\0' && name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                                "0123456789!#$%&'*+-.^_`|~")] == '\0';
}

static bool is_value(struct th_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 && s.p[i] != '\t')
            return false;
    return memchr(s.p, 0x7f, s.n) == NULL;
}

static void add_header(
    lua_State *L, struct request *q, struct th_arena *arena, const char *name, struct th_str value)
{
    q->header_bytes += strlen(name) + value.n + 4;
    if (q->nheaders >= HEADERS_MAX || q->header_bytes > HEADER_BYTES_MAX)
        luaL_error(L, "more than %d headers or 8 KiB of them", HEADERS_MAX);
    q->typed |= strcasecmp(name, "content-type") == 0;
    q->headers[q->nheaders++] = th_arena_printf(arena, "%s: %.*s", name, TH_STR_FMT(value));
}

static void read_headers(lua_State *L, struct request *q, struct th_arena *arena)
{
    lua_pushstring(L, "headers");
    if (lua_rawget(L, 1) == LUA_TNIL)
        return;
    luaL_argcheck(L, lua_istable(L, -1), 1, "headers: a table expected");
    int table = lua_gettop(L);
    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) {
        luaL_argcheck(L, lua_type(L, -2) == LUA_TSTRING && (lua_isstring(L, -1)), 1,
            "headers: names and values are text");
        const char *name = lua_tostring(L, -2);
        lua_pushvalue(L, -1); /* a number becomes text in the copy */
        struct th_str value;
        value.p = lua_tolstring(L, -1, &value.n);
        if (strlen(name) != lua_rawlen(L, -3) || !may_set(name))
            luaL_argerror(L, 1, "headers: a name that cannot be sent");
        if (!is_value(value))
            luaL_argerror(L, 1, "headers: a value that cannot be sent");
        add_header(L, q, arena, name, value);
        lua_pop(L, 1);
    }
}

static void read_body(lua_State *L, struct request *q, struct th_arena *arena)
{
    struct th_error err;
    lua_pushstring(L, "body");
    int type = lua_rawget(L, 1);
    if (type == LUA_TNIL)
        return;
    if (type == LUA_TSTRING) {
        q->r.body.p = lua_tolstring(L, -1, &q->r.body.n);
    } else if (type == LUA_TTABLE) {
        struct th_state *st = th_state_of(L);
        th_state_settle(st);
        if (th_json_write(L, -1, &st->out, &err) != 0)
            luaL_argerror(L, 1, err.msg);
        luaL_argcheck(L, st->out.n <= BODY_MAX, 1, "body: more than 64 KiB");
        q->r.body = (struct th_str){th_arena_dup(arena, st->out.p, st->out.n), st->out.n};
        if (!q->typed)
            add_header(L, q, arena, "content-type", TH_STR("application/json"));
    } else {
        luaL_argerror(L, 1, "body: text, or a table for JSON, expected");
    }
    luaL_argcheck(L, q->r.body.n <= BODY_MAX, 1, "body: more than 64 KiB");
}

static const char *method_of(lua_State *L, struct th_arena *arena)
{
    static const char *const known[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
    struct th_str method = TH_STR("GET");
    th_bind_field_str(L, 1, "method", &method);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (th_str_eq(method, th_str(known[i])))
            return known[i];
    luaL_argerror(L, 1, "method: GET, HEAD, POST, PUT, PATCH or DELETE expected");
    return NULL;
}

static const char *url_of(lua_State *L, struct th_arena *arena)
{
    struct th_str url = {NULL, 0};
    th_bind_field_str(L, 1, "url", &url);
    luaL_argcheck(L, url.n > 0 && url.n <= URL_MAX, 1, "url: 1 to 2048 bytes of text expected");
    for (size_t i = 0; i < url.n; i++)
        luaL_argcheck(L, url.p[i] > 0x20 && url.p[i] < 0x7f, 1, "url: printable ASCII expected");
    luaL_argcheck(L, strncasecmp(url.p, "http://", 7) == 0 || strncasecmp(url.p, "https://", 8) == 0, 1,
        "url: http or https expected");
    return th_arena_dup(arena, url.p, url.n);
}

static int64_t timeout_of(lua_State *L)
{
    lua_pushstring(L, "timeout");
    lua_Number s = TIMEOUT_DEFAULT_S;
    if (lua_rawget(L, 1) != LUA_TNIL) {
        luaL_argcheck(L, lua_type(L, -1) == LUA_TNUMBER, 1, "timeout: seconds expected");
        s = lua_tonumber(L, -1);
    }
    lua_pop(L, 1);
    luaL_argcheck(L, s > 0 && s <= TIMEOUT_MAX_S, 1, "timeout: more than 0 and at most 30 seconds expected");
    return (int64_t)(s * 1000) + 1;
}

/* ---- the list ---- */

static void read_hosts(struct th_http_hosts *hosts, struct th_arena *arena, const char *json)
{
    struct th_json j;
    struct th_str text = json != NULL ? th_str(json) : TH_STR("[]");
    struct th_str *list = th_arena_alloc(arena, HOSTS_MAX * sizeof *list);
    hosts->patterns = list;
    text.p = th_arena_dup(arena, text.p, text.n);
    if (th_json_read(&j, arena, text, NULL) != 0 || j.nodes[0].type != TH_JSON_ARRAY)
        return;
    TH_JSON_EACH (&j, 0, i) {
        if (j.nodes[i].type == TH_JSON_STRING && hosts->count < HOSTS_MAX)
            list[hosts->count++] = j.nodes[i].text;
    }
}

static bool allowed(void *arg, const char *url)
{
    const struct op *op = arg;
    return th_http_hosts_allow(&op->hosts, url);
}

/* ---- the answer ---- */

/* Names in lower case; what comes several times is joined. */
static void push_headers(lua_State *L, struct th_str lines)
{
    struct th_str line, name;
    lua_newtable(L);
    for (int n = 0; n < ANSWER_HEADERS_MAX && lines.p != NULL && th_str_split(&lines, '\n', &line); n++) {
        struct th_str value = line;
        char key[128];
        if (!th_str_split(&value, ':', &name) || value.p == NULL || name.n == 0 || name.n >= sizeof key)
            continue;
        value = th_str_trim(value);
        for (size_t i = 0; i < name.n; i++)
            key[i] = (char)(name.p[i] >= 'A' && name.p[i] <= 'Z' ? name.p[i] + 32 : name.p[i]);
        lua_pushlstring(L, key, name.n);
        lua_pushvalue(L, -1);
        if (lua_rawget(L, -3) == LUA_TSTRING) {
            lua_pushliteral(L, ", ");
            lua_pushlstring(L, value.p, value.n);
            lua_concat(L, 3);
        } else {
            lua_pop(L, 1);
            lua_pushlstring(L, value.p, value.n);
        }
        lua_rawset(L, -3);
    }
}

static const char *reason_of(int code)
{
    switch (-code) {
    case TH_EFORBIDDEN:
        return "the address may not be reached, or it redirects to one that may not";
    case TH_ETIMEOUT:
        return "no answer in time";
    case TH_ETOOBIG:
        return "the answer is larger than 256 KiB";
    case TH_ECANCELED:
        return "canceled";
    default:
        return "the host could not be reached";
    }
}

static int push_answer(lua_State *L, void *arg)
{
    const struct th_http_answer *a = ((const struct op *)arg)->answer;
    if (a->code != 0)
        return th_bind_fail(L, a->code, "%s", reason_of(a->code));
    lua_createtable(L, 0, 3);
    lua_pushinteger(L, a->status);
    lua_setfield(L, -2, "status");
    lua_pushlstring(L, a->body.n > 0 ? a->body.p : "", a->body.n);
    lua_setfield(L, -2, "body");
    push_headers(L, a->headers);
    lua_setfield(L, -2, "headers");
    return 1;
}

static void on_answer(void *arg, const struct th_http_answer *a)
{
    struct op *op = arg;
    op->answer = a;
    if (op->task != NULL)
        th_task_resume(op->task, push_answer, op);
    th_arena_free(&op->arena);
    th_free(op);
}

static void cancel(void *arg)
{
    struct op *op = arg;
    op->task = NULL;
    th_http_cancel(op->call);
}

/* ---- the library ---- */

static struct th_reach reach_of(const struct th_call_context *c)
{
    if (c->reach != NULL)
        return *c->reach;
    return (struct th_reach){c->device->store->w, c->device->product->http_hosts};
}

static const char *refusal_of(const struct th_call_context *c)
{
    return c->reach != NULL ? "the host is not one that the notifier names for this channel"
                            : "the host is not in the product's list (settings, http_hosts)";
}

static int http_request(lua_State *L)
{
    th_bind_phase(L, TH_PHASES_WAIT, "thing.http.request");
    struct th_call_context *c = th_task_ctx(L);
    if (c == NULL || c->arena == NULL || (c->device == NULL && c->reach == NULL))
        return luaL_error(L, "thing.http.request is not available here");
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    if (++th_task_quota(L)->http > CALLS_MAX)
        return luaL_error(L, "more than %d requests in one call", CALLS_MAX);
    struct request q = {.r = {.max_answer = ANSWER_MAX, .redirects = REDIRECTS, .keep_headers = true}};
    q.r.method = method_of(L, c->arena);
    q.r.url = url_of(L, c->arena);
    q.r.timeout_ms = timeout_of(L);
    read_headers(L, &q, c->arena);
    read_body(L, &q, c->arena);
    q.r.headers = q.headers;
    const struct th_reach reach = reach_of(c);
    if (reach.w == NULL)
        return th_bind_fail(L, -TH_EUNAVAIL, "not available while a script is tried");
    th_task_may_wait(L);
    struct op *op = th_calloc(1, sizeof *op);
    th_arena_init(&op->arena);
    op->task = th_task_self(L);
    read_hosts(&op->hosts, &op->arena, reach.hosts);
    q.r.allowed = allowed;
    q.r.allowed_arg = op;
    int rc = allowed(op, q.r.url) ? th_http_fetch(reach.w, &q.r, on_answer, op, &op->call) : -TH_EFORBIDDEN;
    if (rc == 0)
        return th_task_wait(L, cancel, op);
    th_arena_free(&op->arena);
    th_free(op);
    return rc == -TH_EFORBIDDEN
               ? th_bind_fail(L, rc, "%s", refusal_of(c))
               : th_bind_fail(L, rc, "%s", rc == -TH_EBUSY ? "too many requests under way" : reason_of(rc));
}

static const luaL_Reg functions[] = {{"request", http_request}, {NULL, NULL}};

int th_bind_open_http(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
