// SPDX-License-Identifier: Apache-2.0
//
// thing.db for trusted code: query, begin, finish, up. Inside a transaction every statement of the request
// goes to its connection, so a request never holds one and waits for another.
#include <stdlib.h>
#include <string.h>
#include "base/hex.h"
#include "bind/api_task.h"

#define PARAMS_MAX 64

/* pg_type.h is the server's: these are the types whose values are more than text here. */
enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_FLOAT4 = 700,
    OID_FLOAT8 = 701
};

static int fail(lua_State *L, const char *message, const char *code)
{
    lua_pushnil(L);
    lua_pushstring(L, message);
    lua_pushstring(L, code);
    return 3;
}

static int fail_outcome(lua_State *L, const struct th_pg_outcome *o)
{
    return fail(
        L, o->message != NULL ? o->message : "", o->code == -TH_EDB ? o->sqlstate : th_err_name(o->code));
}

/* ---- results ---- */

static void push_bytes(lua_State *L, const char *text)
{
    struct th_str hex = {
        text + 2, strlen(text + 2)}; /* behind \\x: bytea_output is hex unless somebody turns it */
    luaL_Buffer b;
    char *out = luaL_buffinitsize(L, &b, hex.n / 2 + 1);
    if (text[0] != '\\' || text[1] != 'x' || !th_hex_decode(out, hex))
        luaL_error(L, "bytea_output must be hex");
    luaL_pushresultsize(&b, hex.n / 2);
}

static void push_value(lua_State *L, const PGresult *r, int row, int column)
{
    const char *text = PQgetvalue(r, row, column);
    switch (PQftype(r, column)) {
    case OID_BOOL:
        lua_pushboolean(L, text[0] == 't');
        return;
    case OID_INT2:
    case OID_INT4:
    case OID_INT8:
        lua_pushinteger(L, strtoll(text, NULL, 10));
        return;
    case OID_FLOAT4:
    case OID_FLOAT8:
        lua_pushnumber(L, strtod(text, NULL));
        return;
    case OID_BYTEA:
        push_bytes(L, text);
        return;
    default:
        lua_pushlstring(L, text, (size_t)PQgetlength(r, row, column));
    }
}

static void push_rows(lua_State *L, const PGresult *r)
{
    int rows = PQntuples(r), columns = PQnfields(r);
    lua_createtable(L, rows, 0);
    for (int i = 0; i < rows; i++) {
        lua_createtable(L, 0, columns);
        for (int c = 0; c < columns; c++) {
            if (PQgetisnull(r, i, c))
                continue;
            push_value(L, r, i, c);
            lua_setfield(L, -2, PQfname(r, c));
        }
        lua_rawseti(L, -2, i + 1);
    }
}

/* ---- operations ---- */

static void on_outcome(void *arg, const struct th_pg_outcome *o)
{
    struct th_api_task *t = arg;
    t->outcome = o;
    t->code = o->code;
    th_api_resume(t);
}

static int query_done(lua_State *L, int status, lua_KContext ctx)
{
    struct th_api_task *t = th_api_task_of(L);
    const struct th_pg_outcome *o = t->outcome;
    t->outcome = NULL;
    if (o->code != 0)
        return fail_outcome(L, o);
    push_rows(L, o->res);
    return 1;
}

/* Texts that are no Lua strings lie in the task's arena. */
static const char *param(lua_State *L, struct th_api_task *t, int i)
{
    switch (lua_type(L, i)) {
    case LUA_TNIL:
        return NULL;
    case LUA_TBOOLEAN:
        return lua_toboolean(L, i) ? "true" : "false";
    case LUA_TNUMBER:
        if (lua_isinteger(L, i))
            return th_arena_printf(&t->arena, "%lld", (long long)lua_tointeger(L, i));
        return th_arena_printf(&t->arena, "%.17g", lua_tonumber(L, i));
    case LUA_TSTRING: {
        size_t n;
        const char *s = lua_tolstring(L, i, &n);
        if (memchr(s, 0, n) != NULL)
            luaL_argerror(L, i, "text with a NUL byte");
        return s;
    }
    default:
        luaL_argerror(L, i, "not a value for SQL");
        return NULL;
    }
}

static int submit(struct th_api_task *t, const char *sql, int n, const char *const *params)
{
    if (t->lease != NULL)
        return th_pg_lease_query(t->lease, sql, n, params, on_outcome, t);
    return th_pg_query(t->api->w->pg, sql, false, n, params, on_outcome, t, NULL);
}

static int db_query(lua_State *L)
{
    struct th_api_task *t = th_api_task_of(L);
    const char *sql = luaL_checkstring(L, 1);
    int n = lua_gettop(L) - 1;
    const char *params[PARAMS_MAX];
    luaL_argcheck(L, n <= PARAMS_MAX, PARAMS_MAX + 2, "too many values");
    th_arena_reset(&t->arena);
    for (int i = 0; i < n; i++)
        params[i] = param(L, t, i + 2);
    int rc = submit(t, sql, n, params);
    if (rc != 0)
        return fail(L, "the query was not taken", th_err_name(rc));
    return th_api_wait(L, t, query_done);
}

/* ---- transactions ---- */

static int begin_done(lua_State *L, int status, lua_KContext ctx)
{
    struct th_api_task *t = th_api_task_of(L);
    const struct th_pg_outcome *o = t->outcome;
    t->outcome = NULL;
    if (o->code != 0) {
        int results = fail_outcome(L, o);
        th_api_db_end(t);
        return results;
    }
    lua_pushboolean(L, 1);
    return 1;
}

static int leased(lua_State *L, int status, lua_KContext ctx)
{
    struct th_api_task *t = th_api_task_of(L);
    int rc = t->code;
    if (rc == 0)
        rc = th_pg_lease_query(t->lease, "begin", 0, NULL, on_outcome, t);
    if (rc != 0) {
        th_api_db_end(t);
        return fail(L, "no connection for a transaction", th_err_name(rc));
    }
    return th_api_wait(L, t, begin_done);
}

static void on_lease(void *arg, int code, struct th_pg_lease *l)
{
    struct th_api_task *t = arg;
    t->code = code;
    t->lease = l;
    th_api_resume(t);
}

static int db_begin(lua_State *L)
{
    struct th_api_task *t = th_api_task_of(L);
    if (t->lease != NULL)
        return luaL_error(L, "a transaction is open already");
    int rc = th_pg_lease(t->api->w->pg, on_lease, t);
    if (rc != 0)
        return fail(L, "no connection for a transaction", th_err_name(rc));
    return th_api_wait(L, t, leased);
}

static int finish_done(lua_State *L, int status, lua_KContext ctx)
{
    struct th_api_task *t = th_api_task_of(L);
    const struct th_pg_outcome *o = t->outcome;
    int results = 1;
    t->outcome = NULL;
    if (o->code != 0)
        results = fail_outcome(L, o);
    else if (strcmp(PQcmdStatus((PGresult *)o->res), "COMMIT") !=
             0) /* a failed one is rolled back, as a success */
        results = fail(L, "the transaction had failed", "25P02");
    else
        lua_pushboolean(L, 1);
    th_api_db_end(t);
    return results;
}

static int db_finish(lua_State *L)
{
    struct th_api_task *t = th_api_task_of(L);
    if (t->lease == NULL)
        return luaL_error(L, "no transaction is open");
    if (!lua_toboolean(L, 1)) {
        th_api_db_end(t); /* rolls back */
        lua_pushboolean(L, 1);
        return 1;
    }
    int rc = th_pg_lease_query(t->lease, "commit", 0, NULL, on_outcome, t);
    if (rc != 0) {
        th_api_db_end(t);
        return fail(L, "the connection was lost", th_err_name(rc));
    }
    return th_api_wait(L, t, finish_done);
}

void th_api_db_end(struct th_api_task *t)
{
    struct th_pg_lease *l = t->lease;
    t->lease = NULL;
    if (l != NULL)
        th_pg_lease_end(l);
}

/* Whether a connection is usable now: a query waits for one as long as its deadline allows. */
static int db_up(lua_State *L)
{
    lua_pushboolean(L, th_pg_pool_up(th_api_task_of(L)->api->w->pg));
    return 1;
}

static const luaL_Reg functions[] = {
    {"begin", db_begin}, {"finish", db_finish}, {"query", db_query}, {"up", db_up}, {NULL, NULL}};

int th_api_open_db(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
