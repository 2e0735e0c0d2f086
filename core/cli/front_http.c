/* SPDX-License-Identifier: Apache-2.0
 *
 * thing.host.request {
 *     server =, token =, ca =,       as in client.h; token and ca may be nil
 *     method =, path =,
 *     body =, headers = {"Name: value"},
 *     timeout = ms,                  0: no end as long as something comes
 *     sink = function(chunk),        takes the body of a 2xx answer; returns false to end the request
 * } -> { status =, body =, headers = {name in lower case = value; several, joined by line feeds} } */
#include "bind/bind.h"
#include "cli/client.h"
#include "cli/front.h"

#define HEADERS_MAX 16
#define CLIENT "thing.host.client"

struct sink {
    lua_State *L; /* the function is at its index */
    int index;
    bool raised; /* its error is on top */
};

static bool on_chunk(void *arg, struct th_str chunk)
{
    struct sink *sink = arg;
    lua_State *L = sink->L;

    lua_pushvalue(L, sink->index);
    lua_pushlstring(L, chunk.p, chunk.n);
    if (lua_pcall(L, 1, 1, 0) != LUA_OK) {
        sink->raised = true;
        return false;
    }
    bool more = lua_isnil(L, -1) || lua_toboolean(L, -1);
    lua_pop(L, 1);
    return more;
}

/* A text of the table at 1, which keeps it alive; NULL when it is not there. */
static const char *text_of(lua_State *L, const char *name)
{
    lua_getfield(L, 1, name);
    const char *text = luaL_optstring(L, -1, NULL);
    lua_pop(L, 1);
    return text;
}

static unsigned read_headers(lua_State *L, const char *headers[HEADERS_MAX])
{
    unsigned n = 0;

    if (lua_getfield(L, 1, "headers") == LUA_TTABLE)
        for (; n < HEADERS_MAX && lua_rawgeti(L, -1, n + 1) == LUA_TSTRING; lua_pop(L, 1))
            headers[n++] = lua_tostring(L, -1);
    return n;
}

static void push_answer(lua_State *L, const struct th_client_answer *a)
{
    lua_createtable(L, 0, 3);
    lua_pushinteger(L, a->status);
    lua_setfield(L, -2, "status");
    lua_pushlstring(L, a->text.n > 0 ? a->text.p : "", a->text.n);
    lua_setfield(L, -2, "body");
    lua_createtable(L, 0, (int)a->nheaders);
    for (unsigned i = 0; i < a->nheaders; i++) {
        const struct th_client_header *h = &a->headers[i];

        lua_pushlstring(L, h->value.p, h->value.n);
        if (lua_getfield(L, -2, h->name.p) == LUA_TSTRING) {
            lua_pushliteral(L, "\n");
            lua_pushvalue(L, -3);
            lua_concat(L, 3);
            lua_remove(L, -2);
        } else {
            lua_pop(L, 1);
        }
        lua_setfield(L, -2, h->name.p);
    }
    lua_setfield(L, -2, "headers");
}

static int host_request(lua_State *L)
{
    struct th_client *c = luaL_checkudata(L, lua_upvalueindex(1), CLIENT);
    const char *headers[HEADERS_MAX];
    struct th_client_answer answer;
    struct th_client_request r = {0};
    struct th_error err;

    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    c->server = text_of(L, "server");
    c->token = text_of(L, "token");
    c->ca_file = text_of(L, "ca");
    r.method = text_of(L, "method");
    r.path = text_of(L, "path");
    luaL_argcheck(L, c->server != NULL && r.method != NULL && r.path != NULL, 1, "server, method, path");
    lua_getfield(L, 1, "timeout");
    r.timeout_ms = (long)luaL_checkinteger(L, -1);
    r.has_body = lua_getfield(L, 1, "body") == LUA_TSTRING;
    if (r.has_body)
        r.body.p = lua_tolstring(L, -1, &r.body.n);
    r.headers = headers;
    r.nheaders = read_headers(L, headers);
    struct sink sink = {.L = L, .index = lua_gettop(L) + 1};
    if (lua_getfield(L, 1, "sink") == LUA_TFUNCTION) {
        r.on_chunk = on_chunk;
        r.arg = &sink;
    }
    int rc = th_client_perform(c, &r, &answer, &err);
    if (rc == 0 && !sink.raised)
        push_answer(L, &answer);
    th_client_answer_free(&answer);
    if (sink.raised)
        return lua_error(L);
    return rc == 0 ? 1 : th_bind_error(L, &err);
}

static int close_client(lua_State *L)
{
    th_client_close(luaL_checkudata(L, 1, CLIENT));
    return 0;
}

void th_front_http(lua_State *L)
{
    struct th_error err;
    struct th_client *c = lua_newuserdatauv(L, sizeof *c, 0);

    *c = (struct th_client){0};
    if (th_client_open(c, &err) != 0)
        luaL_error(L, "%s", err.msg);
    luaL_newmetatable(L, CLIENT);
    lua_pushcfunction(L, close_client);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    lua_pushcclosure(L, host_request, 1);
    lua_setfield(L, -2, "request");
}
