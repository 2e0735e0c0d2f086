// SPDX-License-Identifier: Apache-2.0
//
// thing.account for trusted code: passwords and second factors.
//
//   hash(password) -> text                      waits
//   check(hash or nil, password) -> good, stale waits; without a hash it takes as long and says no
//   totp(secret, step) -> six digits            of RFC 6238: HMAC-SHA1, step = seconds // 30
//   same(a, b) -> boolean                       in time that depends on the lengths only
//   id_token(token, key_set, {issuer =, client_id =, nonce =}) -> claims (JSON text)
//                                               or nil, reason, code of sec/jws.h
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "bind/api_task.h"
#include "bind/bind.h"
#include "io/offload.h"
#include "sec/digest.h"
#include "sec/jws.h"
#include "sec/passhash.h"
#include "store/metrics.h"
#include "store/store.h"

struct passwork {
    struct th_api_task *task;
    char *password;
    size_t n;
    bool check, known; /* known: there was a hash to check against */
    char hash[TH_PASSHASH_MAX];
    bool good, stale;
};

static struct th_str password_of(const struct passwork *work)
{
    return (struct th_str){work->password, work->n};
}

static void on_work(void *arg)
{
    struct passwork *work = arg;
    if (!work->check) {
        th_passhash_make(work->hash, password_of(work));
        return;
    }
    const char *hash = work->known ? work->hash : th_passhash_nobody;
    work->good = th_passhash_check(hash, password_of(work)) && work->known;
    work->stale = work->known && th_passhash_stale(work->hash);
}

static void free_work(struct passwork *work)
{
    OPENSSL_cleanse(work->password, work->n);
    th_free(work->password);
    th_free(work);
}

/* The coroutine may be gone: what it needs is handed over in its task, the rest is freed here. */
static void on_done(void *arg)
{
    struct passwork *work = arg;
    struct th_api_task *t = work->task;
    th_count(t->api->w->store->metrics, password_hashes);
    t->extra = work;
    th_api_resume(t);
    free_work(work);
}

static int hashed(lua_State *L, int status, lua_KContext ctx)
{
    const struct passwork *work = th_api_task_of(L)->extra;
    lua_pushstring(L, work->hash);
    return 1;
}

static int checked(lua_State *L, int status, lua_KContext ctx)
{
    const struct passwork *work = th_api_task_of(L)->extra;
    lua_pushboolean(L, work->good);
    lua_pushboolean(L, work->stale);
    return 2;
}

static int start(lua_State *L, int arg, const char *hash, bool check, lua_KFunction k)
{
    struct th_api_task *t = th_api_task_of(L);
    size_t n;
    const char *password = luaL_checklstring(L, arg, &n);
    luaL_argcheck(L, n <= TH_PASSWORD_TEXT_MAX, arg, "password too long");
    struct passwork *work = th_calloc(1, sizeof *work);
    *work = (struct passwork){.task = t, .n = n, .check = check, .known = hash != NULL};
    work->password = th_alloc(n + 1);
    memcpy(work->password, password, n);
    if (hash != NULL)
        snprintf(work->hash, sizeof work->hash, "%s", hash);
    int rc = th_offload(t->api->w, on_work, on_done, work);
    if (rc != 0) {
        free_work(work);
        lua_pushnil(L);
        lua_pushstring(L, th_err_name(rc));
        return 2;
    }
    return th_api_wait(L, t, k);
}

static int account_hash(lua_State *L)
{
    return start(L, 1, NULL, false, hashed);
}

static int account_check(lua_State *L)
{
    return start(L, 2, lua_isnil(L, 1) ? NULL : luaL_checkstring(L, 1), true, checked);
}

static int account_totp(lua_State *L)
{
    struct th_str key;
    key.p = luaL_checklstring(L, 1, &key.n);
    uint64_t step = (uint64_t)luaL_checkinteger(L, 2);
    unsigned char counter[8], mac[20];
    for (int i = 7; i >= 0; i--, step >>= 8)
        counter[i] = (unsigned char)step;
    th_hmac_sha1(mac, key, &(struct th_str){(const char *)counter, 8}, 1);
    const unsigned char *at = mac + (mac[19] & 15);
    uint32_t code = (uint32_t)(at[0] & 127) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    char text[16];
    snprintf(text, sizeof text, "%06u", code % 1000000);
    lua_pushstring(L, text);
    return 1;
}

static int account_same(lua_State *L)
{
    struct th_str a, b;
    a.p = luaL_checklstring(L, 1, &a.n);
    b.p = luaL_checklstring(L, 2, &b.n);
    lua_pushboolean(L, th_equal_secret(a, b));
    return 1;
}

static struct th_str member(lua_State *L, int index, const char *name)
{
    struct th_str s = {0};
    if (!th_bind_field_str(L, index, name, &s))
        luaL_error(L, "%s is missing", name);
    return s;
}

/* The memory is the task's: a check that raises leaves nothing behind. */
static int account_id_token(lua_State *L)
{
    struct th_arena *arena = &th_api_task_of(L)->arena;
    struct th_str token = th_bind_str(L, 1), set = th_bind_str(L, 2), claims;
    struct th_id_claims want = {.issuer = member(L, 3, "issuer"),
        .client_id = member(L, 3, "client_id"),
        .nonce = member(L, 3, "nonce"),
        .now_ms = th_clock_ms()};
    struct th_error err;
    int rc = th_jws_verify(arena, token, set, &claims, &err);
    if (rc == 0)
        rc = th_id_token_check(arena, claims, &want, &err);
    if (rc != 0)
        return th_bind_error(L, &err);
    lua_pushlstring(L, claims.p, claims.n);
    return 1;
}

static const luaL_Reg functions[] = {{"check", account_check}, {"hash", account_hash},
    {"id_token", account_id_token}, {"same", account_same}, {"totp", account_totp}, {NULL, NULL}};

int th_api_open_account(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
