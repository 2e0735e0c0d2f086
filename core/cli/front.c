/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/front.h"

#include <lualib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include "bind/bind.h"
#include "bind/open.h"
#include "cli/cli.h"
#include "script/budget.h"

#define MEMORY_CAP (1u << 30)
#define WORDS_MAX 64
#define NODES_MAX 4000000 /* of an answer: 10,000 buckets of 64 properties */

static const char key_programs; /* its address names the table of programs in the registry */

static int host_run(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    char *argv[WORDS_MAX + 2] = {(char *)name};

    luaL_checktype(L, 2, LUA_TTABLE);
    int n = (int)lua_rawlen(L, 2);
    luaL_argcheck(L, n <= WORDS_MAX, 2, "too many words");
    luaL_checkstack(L, n, NULL);
    for (int i = 1; i <= n; i++) { /* they stay on the stack, and so alive */
        lua_rawgeti(L, 2, i);
        argv[i] = (char *)luaL_checkstring(L, -1);
    }
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_programs);
    for (const struct th_cli_program *p = lua_touserdata(L, -1); p->name != NULL; p++) {
        if (strcmp(p->name, name) == 0) {
            fflush(stdout);
            lua_pushinteger(L, p->run(n + 1, argv));
            return 1;
        }
    }
    return luaL_error(L, "no program %s", name);
}

static int host_decode(lua_State *L)
{
    struct th_str text = th_bind_str(L, 1);
    const char *list = luaL_optstring(L, 2, NULL);
    struct th_arena arena;
    struct th_error err;
    struct th_json j;

    th_arena_init(&arena);
    if (th_json_read_max(&j, &arena, text, NODES_MAX, &err) != 0) {
        th_arena_free(&arena);
        return th_bind_error(L, &err);
    }
    th_json_push(L, &j, 0);
    lua_newtable(L);
    const struct th_json_node *items =
        list != NULL && j.nodes[0].type == TH_JSON_OBJECT ? th_json_get(&j, 0, th_str(list)) : NULL;
    if (items != NULL) {
        lua_Integer n = 0;
        TH_JSON_EACH (&j, th_json_index(&j, items), i) {
            lua_pushlstring(L, j.nodes[i].raw.p, j.nodes[i].raw.n);
            lua_rawseti(L, -2, ++n);
        }
    }
    th_arena_free(&arena);
    return 2;
}

static void push_host(lua_State *L, const struct th_cli_program *programs, const char *home)
{
    lua_newtable(L);
    lua_pushliteral(L, TH_VERSION);
    lua_setfield(L, -2, "version");
    lua_pushcfunction(L, host_run);
    lua_setfield(L, -2, "run");
    lua_pushcfunction(L, host_decode);
    lua_setfield(L, -2, "decode");
    lua_newtable(L);
    for (lua_Integer i = 0; programs[i].name != NULL; i++) {
        lua_pushstring(L, programs[i].name);
        lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, "programs");
    th_front_http(L);
    th_front_terminal(L);
    th_front_script(L, home);
    th_front_watch(L);
}

struct call {
    const struct th_cli_program *programs;
    const char *home;
    int argc;
    char **argv;
};

/* Runs in a protected call. Returns the exit status. */
static int front(lua_State *L)
{
    const struct call *call = lua_touserdata(L, 1);

    luaL_openlibs(L);
    lua_getglobal(L, "package");
    lua_pushfstring(L, "%s/lua/?.lua;%s/lua/?/init.lua", call->home, call->home);
    lua_setfield(L, -2, "path");
    lua_pushliteral(L, "");
    lua_setfield(L, -2, "cpath");
    lua_pushlightuserdata(L, (void *)call->programs);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_programs);
    lua_newtable(L);
    th_bind_open_json(L);
    lua_setfield(L, -2, "json");
    th_bind_open_base64(L);
    lua_setfield(L, -2, "base64");
    th_bind_open_hash(L);
    lua_setfield(L, -2, "hash");
    push_host(L, call->programs, call->home);
    lua_setfield(L, -2, "host");
    lua_setglobal(L, "thing");

    lua_getglobal(L, "require");
    lua_pushliteral(L, "thing.cli");
    lua_call(L, 1, 1);
    lua_getfield(L, -1, "main");
    lua_createtable(L, call->argc, 0);
    for (int i = 1; i < call->argc; i++) {
        lua_pushstring(L, call->argv[i]);
        lua_rawseti(L, -2, i);
    }
    lua_call(L, 1, 1);
    return 1;
}

static int on_error(lua_State *L)
{
    luaL_traceback(L, L, lua_tostring(L, 1), 1);
    return 1;
}

int th_cli_front(const struct th_cli_program *programs, int argc, char **argv)
{
    struct call call = {.programs = programs, .argc = argc, .argv = argv};
    struct th_conf conf = {0};
    const char *home = getenv("THINGD_HOME");
    int status = 1;

    signal(SIGPIPE, SIG_DFL); /* `| head` ends it */
    th_arena_init(&conf.arena);
    th_conf_defaults(&conf);
    conf.home = home != NULL ? home : conf.home;
    call.home = th_cli_home(&conf, &conf.arena);
    if (call.home != NULL) {
        struct th_budget *budget = th_calloc(1, sizeof *budget); /* never entered: these scripts are ours */
        struct th_state *state = th_state_new(budget, MEMORY_CAP);
        lua_State *L = state->L;

        th_state_host_begin(state);
        lua_pushcfunction(L, on_error);
        lua_pushcfunction(L, front);
        lua_pushlightuserdata(L, &call);
        if (lua_pcall(L, 1, 1, 1) == LUA_OK)
            status = (int)lua_tointeger(L, -1);
        else
            fprintf(stderr, "thingd: %s\n", lua_tostring(L, -1));
        th_state_host_end(state);
        th_state_free(state);
        th_free(budget);
    }
    th_arena_free(&conf.arena);
    return status;
}
