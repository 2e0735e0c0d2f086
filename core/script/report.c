// SPDX-License-Identifier: Apache-2.0
//
// What a failed call looked like, taken from its coroutine without running anything of the script again.
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "script/task_priv.h"

static void copy(char *out, size_t size, const char *from)
{
    snprintf(out, size, "%s", from == NULL ? "" : from);
    /* A cut must not leave half a character. */
    size_t n = strlen(out);
    while (n > 0 && n + 1 == size && ((unsigned char)out[n - 1] & 0xc0) == 0x80)
        out[--n] = '\0';
    if (n > 0 && n < size - 1 && (unsigned char)out[n - 1] >= 0xc0)
        out[n - 1] = '\0';
}

void th_report_message(struct th_report *r, const char *msg)
{
    for (const char *p = strchr(msg, ':'); p != NULL; p = strchr(p + 1, ':')) {
        char *end;
        long line = strtol(p + 1, &end, 10);
        if (end == p + 1 || end[0] != ':' || end[1] != ' ' || line <= 0)
            continue;
        if ((size_t)(p - msg) < sizeof r->where) {
            memcpy(r->where, msg, (size_t)(p - msg));
            r->where[p - msg] = '\0';
            r->line = (int)line;
            msg = end + 2;
        }
        break;
    }
    copy(r->message, sizeof r->message, msg);
}

/* The error object is the script's own: no metamethod of it is called. */
static void message_of_error(struct th_report *r, lua_State *co)
{
    if (lua_gettop(co) == 0) {
        copy(r->message, sizeof r->message, "unknown error");
    } else if (lua_type(co, -1) == LUA_TSTRING) {
        th_report_message(r, lua_tostring(co, -1));
    } else if (lua_type(co, -1) == LUA_TNUMBER) {
        lua_pushvalue(co, -1);
        copy(r->message, sizeof r->message, lua_tostring(co, -1));
        lua_pop(co, 1);
    } else {
        bool told = false;
        if (lua_type(co, -1) == LUA_TTABLE) {
            lua_pushstring(co, "message");
            lua_rawget(co, -2);
            told = lua_type(co, -1) == LUA_TSTRING;
            if (told)
                th_report_message(r, lua_tostring(co, -1));
            lua_pop(co, 1);
        }
        if (!told)
            snprintf(r->message, sizeof r->message, "error object is a %s value", luaL_typename(co, -1));
    }
}

static void place_of_frame(struct th_report *r, lua_State *co)
{
    lua_Debug ar;
    for (int level = 0; r->line == 0 && lua_getstack(co, level, &ar); level++) {
        if (lua_getinfo(co, "Sl", &ar) != 0 && ar.currentline > 0) {
            copy(r->where, sizeof r->where, ar.short_src);
            r->line = ar.currentline;
        }
    }
}

static void kill_message(struct th_report *r, const struct th_task *t, enum th_run run)
{
    const struct th_gen *gen = t->gen;
    const char *in_c = t->slice.in_c ? " inside a C function" : "";

    switch (t->slice.killed) {
    case TH_KILL_CPU:
        snprintf(r->message, sizeof r->message, "stopped%s after %u ms of CPU time", in_c,
            (t->call.cpu_us != 0 ? t->call.cpu_us : gen->limits.cpu_us) / 1000);
        break;
    case TH_KILL_WALL:
        snprintf(r->message, sizeof r->message, "stopped%s after %u ms", in_c,
            (t->call.wall_us != 0 ? t->call.wall_us : gen->limits.wall_us) / 1000);
        break;
    default:
        if (run == TH_RUN_MEMORY)
            snprintf(r->message, sizeof r->message, "out of memory (%zu KiB in all, %zu KiB in one piece)",
                gen->st->cap >> 10, gen->st->block_max >> 10);
        else
            copy(r->message, sizeof r->message, "ended with its generation");
    }
}

void th_report_fill(struct th_report *r, const struct th_task *t, enum th_run run)
{
    struct th_gen *gen = t->gen;
    struct th_state *st = gen->st;

    copy(r->script, sizeof r->script, gen->name);
    r->version = gen->version;
    copy(r->function, sizeof r->function, t->call.function);
    r->where[0] = r->message[0] = r->traceback[0] = '\0';
    r->line = r->column = 0;
    if (run == TH_RUN_NO_FUNCTION || run == TH_RUN_CANCELED) {
        copy(r->message, sizeof r->message, run == TH_RUN_CANCELED ? "canceled" : "no such function");
        return;
    }
    if (t->slice.line != 0) {
        copy(r->where, sizeof r->where, t->slice.where);
        r->line = t->slice.line;
    }
    if (st->broken) {
        kill_message(r, t, run);
        return;
    }
    th_state_host_begin(st);
    if (run == TH_RUN_ERROR)
        message_of_error(r, t->co);
    else
        kill_message(r, t, run);
    place_of_frame(r, t->co);
    luaL_traceback(st->L, t->co, NULL, 0);
    copy(r->traceback, sizeof r->traceback, lua_tostring(st->L, -1));
    lua_pop(st->L, 1);
    th_state_host_end(st);
}

void th_report_broken(struct th_report *r, const struct th_gen *gen, const struct th_call *call)
{
    memset(r, 0, sizeof *r);
    r->run = TH_RUN_KILLED_IN_C;
    r->version = gen->version;
    copy(r->script, sizeof r->script, gen->name);
    copy(r->function, sizeof r->function, call->function);
    copy(r->message, sizeof r->message, "its state was thrown away");
}
