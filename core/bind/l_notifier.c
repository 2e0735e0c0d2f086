// SPDX-License-Identifier: Apache-2.0
//
// What notifiers have beside the libraries without effects: thing.http for all of them, and for the one named
// mail thing.mail:
//
//   configured() -> boolean
//   send{ to =, subject =, text =, id = } -> true, or nil, reason, code of io/smtp.h     waits
#include "bind/effect.h"
#include "bind/notifiers.h"
#include "io/smtp.h"

#define LETTERS_MAX 20 /* in one call */
#define TEXT_MAX (64u << 10)

struct op {
    struct th_task *task; /* NULL once it was canceled: the letter goes its way */
    int code;
    const char *why;
};

static struct th_worker *worker_of(lua_State *L, const char *function)
{
    th_bind_phase(L, TH_PHASE_NOTIFY, function);
    const struct th_call_context *c = th_task_ctx(L);
    return c->reach->w;
}

static int mail_configured(lua_State *L)
{
    lua_pushboolean(L, worker_of(L, "thing.mail.configured")->smtp != NULL);
    return 1;
}

static int push_end(lua_State *L, void *arg)
{
    const struct op *op = arg;
    if (op->code != 0)
        return th_bind_fail(L, op->code, "%s", op->why);
    lua_pushboolean(L, 1);
    return 1;
}

static void on_sent(void *arg, int code, const char *why)
{
    struct op *op = arg;
    op->code = code;
    op->why = why;
    if (op->task != NULL)
        th_task_resume(op->task, push_end, op);
    th_free(op);
}

static void cancel(void *arg)
{
    ((struct op *)arg)->task = NULL;
}

static const char *refusal_of(int rc)
{
    return rc == -TH_EINVAL      ? "not a mail address"
           : rc == -TH_ENOTFOUND ? "no mail is configured"
                                 : "too many letters wait";
}

static int mail_send(lua_State *L)
{
    struct th_worker *w = worker_of(L, "thing.mail.send");
    struct th_letter l = {.html = TH_STR(""), .attempts = 1};
    luaL_checktype(L, 1, LUA_TTABLE);
    bool whole = th_bind_field_str(L, 1, "to", &l.to) && th_bind_field_str(L, 1, "subject", &l.subject) &&
                 th_bind_field_str(L, 1, "text", &l.text) && th_bind_field_str(L, 1, "id", &l.id);
    luaL_argcheck(L, whole, 1, "to, subject, text and id are needed");
    luaL_argcheck(L, th_str_is_key(l.id), 1, "id: 1 to 128 of A-Z a-z 0-9 - _ expected");
    luaL_argcheck(L, l.text.n <= TEXT_MAX && l.subject.n <= 1000, 1, "text too long");
    luaL_argcheck(L, th_str_is_utf8(l.text) && th_str_is_utf8(l.subject), 1, "not UTF-8");
    if (++th_task_quota(L)->notices > LETTERS_MAX)
        return luaL_error(L, "more than %d letters in one call", LETTERS_MAX);
    th_task_may_wait(L);
    struct op *op = th_calloc(1, sizeof *op);
    op->task = th_task_self(L);
    int rc = th_smtp_send(w, &l, on_sent, op);
    if (rc == 0)
        return th_task_wait(L, cancel, op);
    th_free(op);
    return th_bind_fail(L, rc, "%s", refusal_of(rc));
}

static const luaL_Reg mail[] = {{"configured", mail_configured}, {"send", mail_send}, {NULL, NULL}};

static int open_mail(lua_State *L)
{
    luaL_newlib(L, mail);
    return 1;
}

const struct th_binding th_bind_notifier[] = {{"http", th_bind_open_http}, {NULL, NULL}};
const struct th_binding th_bind_notifier_mail[] = {{"mail", open_mail}, {NULL, NULL}};
