// SPDX-License-Identifier: Apache-2.0
//
// thing.mail for trusted code:
//
//   configured() -> boolean
//   send{ to =, subject =, text =, html = "", attempts = 1 } -> true, or nil, reason, code of io/smtp.h waits
#include "bind/api_task.h"
#include "bind/bind.h"
#include "io/smtp.h"
#include "store/store.h"

struct outcome {
    int code;
    const char *why;
};

static int mail_configured(lua_State *L)
{
    lua_pushboolean(L, th_api_of(L)->w->smtp != NULL);
    return 1;
}

static int sent(lua_State *L, int status, lua_KContext ctx)
{
    const struct outcome *o = th_api_task_of(L)->extra;
    if (o->code != 0)
        return th_bind_fail(L, o->code, "%s", o->why);
    lua_pushboolean(L, 1);
    return 1;
}

static void on_sent(void *arg, int code, const char *why)
{
    struct th_api_task *t = arg;
    const struct outcome o = {code, why};
    if (code == 0)
        th_count(t->api->w->store->metrics, mail_sent);
    else
        th_count(t->api->w->store->metrics, mail_failed);
    t->extra = &o;
    th_api_resume(t);
}

static int mail_send(lua_State *L)
{
    struct th_api_task *t = th_api_task_of(L);
    struct th_letter l = {.html = TH_STR("")};
    int64_t attempts = 1;
    luaL_checktype(L, 1, LUA_TTABLE);
    bool whole = th_bind_field_str(L, 1, "to", &l.to) && th_bind_field_str(L, 1, "subject", &l.subject) &&
                 th_bind_field_str(L, 1, "text", &l.text);
    luaL_argcheck(L, whole, 1, "to, subject and text are needed");
    th_bind_field_str(L, 1, "html", &l.html);
    th_bind_field_int(L, 1, "attempts", &attempts);
    luaL_argcheck(L, attempts >= 1 && attempts <= TH_SMTP_ATTEMPTS, 1, "too many attempts");
    l.attempts = (int)attempts;
    int rc = th_smtp_send(t->api->w, &l, on_sent, t);
    if (rc != 0)
        return th_bind_fail(L, rc, "%s",
            rc == -TH_EINVAL      ? "not a mail address"
            : rc == -TH_ENOTFOUND ? "no mail is configured"
                                  : "too many letters wait");
    return th_api_wait(L, t, sent);
}

static const luaL_Reg functions[] = {{"configured", mail_configured}, {"send", mail_send}, {NULL, NULL}};

int th_api_open_mail(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
