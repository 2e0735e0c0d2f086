// SPDX-License-Identifier: Apache-2.0
#include "script/load.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>
#include "script/sandbox.h"
#include "script/task_priv.h"

#define READ_STEP 256 /* bytes handed to the compiler between two looks at the budget */

static const char loading_mark; /* stands in modules[] for one that is being loaded */

struct reader {
    struct th_gen *gen;
    struct th_str rest;
    size_t step;
};

/* No hook runs while Lua compiles, and some texts compile in far more than linear time. */
static const char *read_step(lua_State *L, void *arg, size_t *size)
{
    struct reader *r = arg;
    const char *p = r->rest.p;

    th_budget_check(L);
    *size = r->rest.n < r->step ? r->rest.n : r->step;
    r->rest.p += *size;
    r->rest.n -= *size;
    r->gen->compile_offset += *size;
    return *size == 0 ? NULL : p;
}

static void push_environment(lua_State *L, const struct th_gen *gen, enum th_role role)
{
    if (role == TH_ROLE_TRUSTED) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, gen->trusted);
        return;
    }
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "_G");
    lua_createtable(L, 0, 2);
    lua_rawgeti(L, LUA_REGISTRYINDEX, gen->globals);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
}

/* The text is known to the generation while it compiles, for reports. Lua tells the line of a syntax error,
 * but not where in it: read again byte by byte, the text is consumed just up to the character after the token
 * that failed. */
static int compile(lua_State *L, struct th_gen *gen, const struct th_source *s, const char *name, size_t step)
{
    struct reader r = {gen, s->text, step};
    gen->compile_source = s;
    gen->compile_offset = 0;
    return lua_load(L, read_step, &r, name, "t");
}

/* Pushes what the source returned. */
static void run_source(lua_State *L, struct th_gen *gen, const struct th_source *s)
{
    lua_pushfstring(L, "=%s", s->chunk);
    const char *name = lua_tostring(L, -1);
    int status = compile(L, gen, s, name, READ_STEP);
    th_budget_check(L);
    if (status == LUA_ERRSYNTAX)
        status = compile(L, gen, s, name, 1);
    if (status != LUA_OK)
        lua_error(L);
    gen->compile_source = NULL;
    lua_remove(L, -2);
    push_environment(L, gen, s->role);
    lua_setupvalue(L, -2, 1);
    lua_call(L, 0, 1);
}

static const char *const role_names[] = {"module", "default product", "module", "script"};

const char *const th_load_entries[] = {"on_property", "on_event", "on_message", "on_connect", "on_disconnect",
    "on_auth", "on_command", "on_reply", NULL};

/* A name that is mistyped would never be called, and nobody would be told. */
static void check_entry(lua_State *L, const struct th_source *s, const char *name)
{
    int i = 0;
    if (strncmp(name, "on_", 3) != 0)
        return;
    while (th_load_entries[i] != NULL && strcmp(th_load_entries[i], name) != 0)
        i++;
    if (th_load_entries[i] == NULL)
        luaL_error(L, "%s: there is nothing that would call %s", s->chunk, name);
    if (!lua_isfunction(L, -1))
        luaL_error(L, "%s: %s must be a function, not %s", s->chunk, name, luaL_typename(L, -1));
}

static void check_contract(lua_State *L, const struct th_source *s)
{
    if (!lua_istable(L, -1))
        luaL_error(
            L, "%s: the %s must return a table, not %s", s->chunk, role_names[s->role], luaL_typename(L, -1));
    lua_pushstring(L, "api");
    lua_rawget(L, -2);
    if (!lua_isinteger(L, -1) || lua_tointeger(L, -1) != 1)
        luaL_error(L, "%s: the %s must say api = 1", s->chunk, role_names[s->role]);
    lua_pop(L, 1);
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
        if (lua_type(L, -2) == LUA_TSTRING)
            check_entry(L, s, lua_tostring(L, -2));
        lua_pop(L, 1);
    }
}

/* thing becomes read-only before the first text runs that is not ours. */
static void seal(lua_State *L, const struct th_gen *gen)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, gen->globals);
    if (lua_getfield(L, -1, "thing") != LUA_TNIL) {
        th_sandbox_freeze(L);
        lua_setfield(L, -2, "thing");
        lua_pop(L, 1);
    } else {
        lua_pop(L, 2);
    }
}

/* Pushes the module's value, loaded now when it was not yet. */
static void load_source(lua_State *L, struct th_gen *gen, const struct th_source *s)
{
    luaL_checkstack(L, 10, "modules require each other too deep");
    lua_rawgeti(L, LUA_REGISTRYINDEX, gen->modules);
    int modules = lua_gettop(L);
    const char *key = s->name != NULL ? s->name : s->chunk;

    if (lua_getfield(L, modules, key) == LUA_TLIGHTUSERDATA)
        luaL_error(L, "module '%s' requires itself, or failed to load", key);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        lua_pushlightuserdata(L, (void *)&loading_mark);
        lua_setfield(L, modules, key);
        if (s->role != TH_ROLE_TRUSTED)
            seal(L, gen);
        run_source(L, gen, s);
        if (lua_isnil(L, -1) || lua_islightuserdata(L, -1)) {
            lua_pop(L, 1);
            lua_pushboolean(L, 1);
        }
        if (s->role == TH_ROLE_DEFAULT || s->role == TH_ROLE_PRODUCT)
            check_contract(L, s);
        lua_pushvalue(L, -1);
        lua_setfield(L, modules, key);
    }
    lua_remove(L, modules);
}

static const struct th_source *find_source(const struct th_gen *gen, const char *name)
{
    for (size_t i = 0; gen->spec != NULL && i < gen->spec->source_count; i++) {
        const struct th_source *s = &gen->spec->sources[i];
        if (s->name != NULL && strcmp(s->name, name) == 0)
            return s;
    }
    return NULL;
}

/* Upvalue 1: views given to scripts, by name; nil for trusted modules, which get the modules themselves. */
static int on_require(lua_State *L)
{
    struct th_gen *gen = th_state_of(L)->gen;
    const char *name = luaL_checkstring(L, 1);
    bool trusted = lua_isnil(L, lua_upvalueindex(1));
    const struct th_source *s = find_source(gen, name);

    if (s == NULL) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, gen->modules);
        if (lua_getfield(L, -1, name) == LUA_TNIL || gen->spec != NULL)
            return luaL_error(L, "module '%s' not found", name);
        return luaL_error(L, "require works only while the script loads");
    }
    if (trusted || s->role == TH_ROLE_MODULE) {
        load_source(L, gen, s);
        return 1;
    }
    if (lua_getfield(L, lua_upvalueindex(1), name) == LUA_TNIL) {
        lua_pop(L, 1);
        load_source(L, gen, s);
        th_sandbox_freeze(L);
        lua_pushvalue(L, -1);
        lua_setfield(L, lua_upvalueindex(1), name);
    }
    return 1;
}

static int push_into(lua_State *L, int ref)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, ref);
    return lua_gettop(L);
}

static void copy_functions(lua_State *L, int from, int into)
{
    lua_pushnil(L);
    while (lua_next(L, from) != 0) {
        if (lua_type(L, -2) == LUA_TSTRING && lua_isfunction(L, -1)) {
            lua_pushvalue(L, -2);
            lua_insert(L, -2);
            lua_rawset(L, into);
        } else {
            lua_pop(L, 1);
        }
    }
}

int th_load_sources(lua_State *L)
{
    struct th_gen *gen = th_state_of(L)->gen;
    const struct th_gen_spec *spec = gen->spec;
    int handlers = push_into(L, gen->handlers);

    for (size_t i = 0; i < spec->source_count; i++) {
        load_source(L, gen, &spec->sources[i]);
        if (spec->sources[i].role == TH_ROLE_PRODUCT) {
            lua_pushvalue(L, -1);
            lua_rawseti(L, LUA_REGISTRYINDEX, gen->product);
        }
        lua_pop(L, 1);
    }
    static const enum th_role order[] = {TH_ROLE_DEFAULT, TH_ROLE_PRODUCT};
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i < spec->source_count; i++) {
            if (spec->sources[i].role != order[k])
                continue;
            load_source(L, gen, &spec->sources[i]);
            copy_functions(L, lua_gettop(L), handlers);
            lua_pop(L, 1);
        }
    }
    return 0;
}

/* The opener's value is on top: private ones (their names begin with _) are for trusted modules only. */
static void add_binding(lua_State *L, const struct th_binding *b, int thing, int private)
{
    if (b->name != NULL) {
        lua_setfield(L, b->name[0] == '_' ? private : thing, b->name);
        return;
    }
    int from = lua_gettop(L);
    lua_pushnil(L);
    while (lua_next(L, from) != 0) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, thing);
    }
    lua_pop(L, 1);
}

static void push_require(lua_State *L, bool trusted)
{
    if (trusted)
        lua_pushnil(L);
    else
        lua_newtable(L);
    lua_pushcclosure(L, on_require, 1);
}

static int keep(lua_State *L, int index)
{
    lua_pushvalue(L, index);
    return luaL_ref(L, LUA_REGISTRYINDEX);
}

int th_load_setup(lua_State *L)
{
    struct th_gen *gen = th_state_of(L)->gen;
    const struct th_binding *const *lists = gen->spec->bindings;

    th_sandbox_open(L);
    int trusted = lua_gettop(L);
    lua_newtable(L);
    int globals = lua_gettop(L);
    for (lua_pushnil(L); lua_next(L, trusted) != 0;) {
        th_sandbox_freeze(L);
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, globals);
    }
    lua_newtable(L);
    int thing = lua_gettop(L);
    lua_newtable(L);
    int private = lua_gettop(L);
    for (; lists != NULL && *lists != NULL; lists++) {
        for (const struct th_binding *b = *lists; b->open != NULL; b++) {
            lua_pushcfunction(L, b->open);
            lua_call(L, 0, 1);
            add_binding(L, b, thing, private);
        }
    }
    lua_createtable(L, 0, 2); /* trusted modules see both, and write into the public part */
    lua_pushvalue(L, thing);
    lua_setfield(L, -2, "__index");
    lua_pushvalue(L, thing);
    lua_setfield(L, -2, "__newindex");
    lua_setmetatable(L, private);
    lua_pushvalue(L, private);
    lua_setfield(L, trusted, "thing");
    lua_pushvalue(L, thing);
    lua_setfield(L, globals, "thing");
    push_require(L, true);
    lua_setfield(L, trusted, "require");
    push_require(L, false);
    lua_setfield(L, globals, "require");
    gen->trusted = keep(L, trusted);
    gen->globals = keep(L, globals);
    lua_newtable(L);
    gen->modules = luaL_ref(L, LUA_REGISTRYINDEX);
    lua_newtable(L);
    gen->handlers = luaL_ref(L, LUA_REGISTRYINDEX);
    lua_pushboolean(L, 0); /* a reference that is nil is not kept apart */
    gen->product = luaL_ref(L, LUA_REGISTRYINDEX);
    return 0;
}

static void find_line(const struct th_gen *gen, struct th_report *r)
{
    const struct th_source *s = gen->compile_source;
    const char *p = s->text.p, *end = p + gen->compile_offset;

    snprintf(r->where, sizeof r->where, "%s", s->chunk);
    for (r->line = 1; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
        r->line++;
}

static void find_column(const struct th_gen *gen, struct th_report *r)
{
    const struct th_source *s = gen->compile_source;
    const char *near = strstr(r->message, " near ");
    const char *line = s->text.p, *end = s->text.p + gen->compile_offset, *eol;

    for (int i = 1; i < r->line && (eol = memchr(line, '\n', (size_t)(end - line))) != NULL; i++)
        line = eol + 1;
    r->column = (int)(end - line) + 1;
    if (near == NULL || near[6] != '\'')
        return; /* at the end of the text */
    const char *token = near + 7, *hit = NULL;
    size_t n = strlen(token) - 1;
    for (const char *p = line; n > 0 && (p = memmem(p, (size_t)(end - p), token, n)) != NULL; p++)
        hit = p;
    if (hit != NULL)
        r->column = (int)(hit - line) + 1;
}

void th_load_find_place(const struct th_gen *gen, struct th_report *r)
{
    if (gen->compile_source == NULL)
        return;
    if (r->line == 0)
        find_line(gen, r);
    else if (r->run == TH_RUN_ERROR && strcmp(gen->compile_source->chunk, r->where) == 0)
        find_column(gen, r);
}
