// SPDX-License-Identifier: Apache-2.0
//
// thing.fetch for trusted code: one outward HTTP request through the guarded client (io/http_client.h).
//
//   fetch{ method =, url =, headers = {"Name: value", ...}, body = "", timeout_ms =, max_answer = }
//     -> { status =, body =, content_type = }, or nil, message, code of base/err.h      waits
//
// Addresses that are not public are refused, but for those at the origin of oidc.issuer: it stands in the
// configuration. No redirect is followed.
#include "base/conf.h"
#include "bind/api_task.h"
#include "bind/bind.h"
#include "io/http_client.h"

#define HEADERS_MAX 16
#define TIMEOUT_MS 10000
#define ANSWER_MAX 65536

static int fetched(lua_State *L, int status, lua_KContext ctx)
{
    const struct th_http_answer *a = th_api_task_of(L)->extra;
    if (a->code != 0)
        return th_bind_fail(L, a->code, "%s", a->message);
    lua_createtable(L, 0, 3);
    lua_pushinteger(L, a->status);
    lua_setfield(L, -2, "status");
    lua_pushlstring(L, a->body.n > 0 ? a->body.p : "", a->body.n);
    lua_setfield(L, -2, "body");
    lua_pushstring(L, a->content_type != NULL ? a->content_type : "");
    lua_setfield(L, -2, "content_type");
    return 1;
}

static void on_answer(void *arg, const struct th_http_answer *a)
{
    struct th_api_task *t = arg;
    t->extra = a;
    th_api_resume(t);
}

/* The texts stay where they are: the table holds them during the call. */
static void read_headers(lua_State *L, const char *headers[HEADERS_MAX + 1])
{
    int n = 0;
    if (lua_getfield(L, 1, "headers") == LUA_TTABLE) {
        for (; n < HEADERS_MAX && lua_rawgeti(L, -1, n + 1) == LUA_TSTRING; n++) {
            headers[n] = lua_tostring(L, -1);
            lua_pop(L, 1);
        }
    }
    headers[n] = NULL;
}

static const char *text_field(lua_State *L, const char *name)
{
    struct th_str s;
    return th_bind_field_str(L, 1, name, &s) ? s.p : NULL;
}

int th_api_fetch(lua_State *L)
{
    struct th_api_task *t = th_api_task_of(L);
    const char *headers[HEADERS_MAX + 1], *method = text_field(L, "method"), *url = text_field(L, "url");
    int64_t timeout_ms = TIMEOUT_MS, max_answer = ANSWER_MAX;
    struct th_str body = TH_STR("");
    luaL_argcheck(L, method != NULL && url != NULL, 1, "method and url are needed");
    th_bind_field_int(L, 1, "timeout_ms", &timeout_ms);
    th_bind_field_int(L, 1, "max_answer", &max_answer);
    th_bind_field_str(L, 1, "body", &body);
    read_headers(L, headers);
    const struct th_http_request r = {
        .method = method,
        .url = url,
        .headers = headers,
        .body = body,
        .timeout_ms = timeout_ms,
        .max_answer = (size_t)max_answer,
        .trusted = th_http_same_origin(url, t->api->w->rt->conf->oidc_issuer),
    };
    int rc = th_http_fetch(t->api->w, &r, on_answer, t, NULL);
    if (rc != 0)
        return th_bind_fail(
            L, rc, "%s", rc == -TH_EINVAL ? "not a request that can be sent" : "too many requests");
    return th_api_wait(L, t, fetched);
}
