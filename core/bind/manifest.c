/* SPDX-License-Identifier: Apache-2.0 */
#include "bind/bind.h"
#include "bind/manifest.h"

#define READ_CPU_US 100000

static void put_topics(lua_State *L, int product, struct th_buf *out)
{
    struct th_error err;
    lua_pushstring(L, "topics");
    if (lua_rawget(L, product) == LUA_TNIL)
        th_buf_puts(out, "{}");
    else if (th_json_write(L, -1, out, &err) != 0)
        luaL_error(L, "topics: %s", err.msg);
    lua_pop(L, 1);
}

static void put_functions(lua_State *L, int product, struct th_buf *out)
{
    bool first = true;
    th_buf_putc(out, '[');
    lua_pushnil(L);
    while (lua_next(L, product) != 0) {
        struct th_str name = {"", 0};
        if (lua_type(L, -2) == LUA_TSTRING && lua_isfunction(L, -1))
            name.p = lua_tolstring(L, -2, &name.n);
        if (th_str_starts(name, TH_STR("on_"))) {
            if (!first)
                th_buf_putc(out, ',');
            first = false;
            th_json_put_str(out, name);
        }
        lua_pop(L, 1);
    }
    th_buf_putc(out, ']');
}

/* The state's buffer holds the text while errors may be raised; the context takes the whole. */
static int read_product(lua_State *L)
{
    struct th_buf *out = &th_state_of(L)->out, *text = th_task_ctx(L);
    th_gen_push_product(L);
    int product = lua_gettop(L);
    if (!lua_istable(L, product))
        return luaL_error(L, "there is no script");
    th_buf_reset(out);
    th_buf_puts(out, "{\"topics\":");
    put_topics(L, product, out);
    th_buf_puts(out, ",\"functions\":");
    put_functions(L, product, out);
    th_buf_putc(out, '}');
    th_buf_str(text, th_buf_view(out));
    return 0;
}

int th_scripts_manifest(struct th_gen *gen, struct th_manifest *m, struct th_error *err)
{
    struct th_buf text = {0};
    struct th_report report;
    *m = (struct th_manifest){0};
    int rc = 0;
    if (th_gen_call(gen, read_product, TH_PHASE_LOAD, &text, READ_CPU_US, &report) != TH_RUN_OK)
        rc = th_fail(err, TH_ESCRIPT, "%s", report.message);
    if (rc == 0)
        rc = th_manifest_read(m, th_buf_view(&text), err);
    th_buf_free(&text);
    return rc;
}
