// SPDX-License-Identifier: Apache-2.0
//
// thing.notify: a notification for a channel, sent after the commit (store/outbox.h).
#include "bind/effect.h"
#include "store/outbox.h"

#define NOTICES_MAX 16 /* in one call */
#define NOTICE_MAX ((size_t)16 << 10)
#define TITLE_MAX 200
#define TEXT_MAX 8192

/* A field's text; p NULL: absent. */
static struct th_str text_of(lua_State *L, const char *name, size_t max)
{
    struct th_str s = {NULL, 0};
    if (!th_bind_field_str(L, 2, name, &s))
        return s;
    bool sane = s.n <= max && memchr(s.p, 0, s.n) == NULL && th_str_is_utf8(s);
    if (!sane)
        luaL_error(L, "thing.notify: %s: text of at most %d bytes expected", name, (int)max);
    return s;
}

static const char *severity_of(lua_State *L)
{
    struct th_str name;
    enum th_severity severity = TH_SEVERITY_INFO;
    if (th_bind_field_str(L, 2, "severity", &name) && !th_severity_of(name, &severity))
        luaL_error(L, "thing.notify: severity: info, warning or critical expected");
    return th_severity_name(severity);
}

static struct th_str data_of(lua_State *L, struct th_call_context *c)
{
    struct th_str data = TH_STR("null");
    lua_pushliteral(L, "data");
    if (lua_rawget(L, 2) != LUA_TNIL)
        data = th_effect_json(L, c, lua_gettop(L));
    lua_pop(L, 1);
    return data;
}

/* A name that is mistyped would be missed by nobody. */
static void check_names(lua_State *L)
{
    static const char *const names[] = {"title", "text", "severity", "data", NULL};
    for (lua_pushnil(L); lua_next(L, 2) != 0; lua_pop(L, 1)) {
        const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
        int i = 0;
        while (names[i] != NULL && strcmp(names[i], name) != 0)
            i++;
        if (names[i] == NULL)
            luaL_error(L, "thing.notify: title, text, severity and data expected, not %.40s", name);
    }
}

static struct th_str body_of(lua_State *L, struct th_call_context *c)
{
    luaL_checktype(L, 2, LUA_TTABLE);
    check_names(L);
    struct th_str title = text_of(L, "title", TITLE_MAX), text = text_of(L, "text", TEXT_MAX);
    const char *severity = severity_of(L);
    struct th_str data = data_of(L, c);
    if (title.n == 0)
        luaL_error(L, "thing.notify: title is missing");
    struct th_buf out = {0};
    th_buf_puts(&out, "{\"title\":");
    th_json_put_str(&out, title);
    th_buf_puts(&out, ",\"text\":");
    th_json_put_str(&out, text.p != NULL ? text : TH_STR(""));
    th_buf_printf(&out, ",\"severity\":\"%s\",\"data\":", severity);
    th_buf_str(&out, data);
    th_buf_putc(&out, '}');
    size_t n = out.n;
    const char *body = n <= NOTICE_MAX ? th_arena_dup(c->arena, out.p, n) : NULL;
    th_buf_free(&out);
    if (body == NULL)
        luaL_error(L, "thing.notify: more than 16 KiB");
    return (struct th_str){body, n};
}

static int notify(lua_State *L)
{
    struct th_call_context *c = th_effect_context(L, TH_PHASES_DEVICE, "thing.notify");
    struct th_str channel = th_effect_name(L, c, 1), key = {NULL, 0};
    if (++th_task_quota(L)->notices > NOTICES_MAX)
        luaL_error(L, "more than %d notifications in one call", NOTICES_MAX);
    lua_settop(L, 3);
    struct th_str body = body_of(L, c);
    if (!lua_isnil(L, 3))
        key = th_effect_key(L, c, 3);
    if (th_outbox_full(c->device->store, c->device->product->id))
        luaL_error(L, "thing.notify: too much of the product waits already");
    struct th_effect *e = th_message_effect(c->message, TH_EFFECT_NOTIFY);
    e->notify.channel = channel;
    e->notify.key = key;
    e->notify.body = body;
    return 0;
}

static const luaL_Reg functions[] = {{"notify", notify}, {NULL, NULL}};

int th_bind_open_notify(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
