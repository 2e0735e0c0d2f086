// SPDX-License-Identifier: Apache-2.0
//
// The namespace `thing` of trusted code: what the API needs of the rest of the process.
//
//   thing.version, thing.now() -> ms, thing.conf(key) -> number or text
//   thing.fetch(request) -> answer (waits; l_fetch.c)
//   thing.answer(answer): the request is answered now, its coroutine goes on
//   thing.draining() -> whether the process is about to end
//   thing.log(level, event, message), thing.metrics() -> text, thing.counters() -> {name = count}
//   thing.count(name): one more (store/metrics.h)
//   thing.limit(key, per_minute, burst) -> allowed, remaining, seconds (l_limit.c)
//   thing.lint_script {...} (l_lint.c), thing.try_script {...} (l_try.c)
//   thing.script_log(product_id, level, device, limit) -> JSON, thing.script_say(product_id, key, level,
//   text)
//     (l_script_log.c)
//   thing.replay(body, mtls) -> verdict, reason, detail (l_replay.c)
//   thing.crypto: token() -> text, token_hash(text) -> 32 bytes, secret() -> text, random(n) -> bytes,
//     sha256(bytes) -> 32 bytes, seal(bytes, about) -> bytes,
//     unseal(bytes, about) -> bytes (raises when it does not open)
//   thing.device: forget(key), kick(key); thing.product.forget(key); thing.command.wake(id, key)
//   thing.broker: up() -> boolean, kick(key, node) -> "kicked", "gone" or "failed" (they wait)
#include <string.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/hex.h"
#include "base/log.h"
#include "bind/api_task.h"
#include "io/broker.h"
#include "sec/digest.h"
#include "sec/rand.h"
#include "sec/seal.h"
#include "sec/token.h"
#include "store/command.h"
#include "store/store.h"

static struct th_runtime *runtime_of(lua_State *L)
{
    return th_api_of(L)->w->rt;
}

static struct th_str check_str(lua_State *L, int arg)
{
    struct th_str s;
    s.p = luaL_checklstring(L, arg, &s.n);
    return s;
}

/* ---- the process ---- */

static int platform_now(lua_State *L)
{
    lua_pushinteger(L, th_clock_ms());
    return 1;
}

static int platform_conf(lua_State *L)
{
    const struct th_conf *c = runtime_of(L)->conf;
    const struct {
        const char *key;
        int64_t value;
    } known[] = {{"command.ttl", c->command_ttl}, {"retention.history", c->retention_history},
        {"http.max_body", c->http_max_body}, {"files.max_bytes", c->files_max_bytes},
        {"files.owner_bytes", c->files_owner_bytes}};
    const struct {
        const char *key, *value;
    } texts[] = {{"http.public_url", c->http_public_url}, {"oidc.issuer", c->oidc_issuer},
        {"oidc.client_id", c->oidc_client_id}, {"oidc.client_secret", c->oidc_client_secret},
        {"oidc.name", c->oidc_name}, {"oidc.scopes", c->oidc_scopes},
        {"oidc.groups_claim", c->oidc_groups_claim}, {"oidc.roles", c->oidc_roles}};
    const char *key = luaL_checkstring(L, 1);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].key, key) == 0) {
            lua_pushinteger(L, known[i].value);
            return 1;
        }
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(texts[i].key, key) == 0) {
            lua_pushstring(L, texts[i].value);
            return 1;
        }
    }
    return luaL_argerror(L, 1, "not a key that the API may read");
}

/* Jobs end their step and leave the rest to the next process. */
static int platform_draining(lua_State *L)
{
    lua_pushboolean(L, th_api_of(L)->draining);
    return 1;
}

static int platform_log(lua_State *L)
{
    const char *level = luaL_checkstring(L, 1);
    const char *event = luaL_checkstring(L, 2);
    const char *message = luaL_checkstring(L, 3);
    if (strcmp(level, "error") == 0)
        th_erro(event, "message=\"%s\"", message);
    else if (strcmp(level, "warn") == 0)
        th_warn(event, "message=\"%s\"", message);
    else
        th_info(event, "message=\"%s\"", message);
    return 0;
}

static int platform_counters(lua_State *L)
{
    const struct th_runtime *rt = runtime_of(L);
    lua_newtable(L);
#define X(name, help)                                                                                        \
    lua_pushinteger(L, (lua_Integer)th_metrics_sum(rt, offsetof(struct th_metrics, name)));                  \
    lua_setfield(L, -2, #name);
    TH_COUNTERS(X)
#undef X
    return 1;
}

static int platform_count(lua_State *L)
{
    const char *wanted = luaL_checkstring(L, 1);
    struct th_metrics *m = th_api_of(L)->w->store->metrics;
#define X(name, help)                                                                                        \
    if (strcmp(wanted, #name) == 0) {                                                                        \
        th_count(m, name);                                                                                   \
        return 0;                                                                                            \
    }
    TH_COUNTERS(X)
#undef X
    return luaL_error(L, "there is no counter %s", wanted);
}

static int platform_metrics(lua_State *L)
{
    struct th_buf *out = &th_api_of(L)->state->out;
    th_buf_reset(out);
    th_metrics_text(runtime_of(L), out);
    lua_pushlstring(L, out->p, out->n);
    return 1;
}

/* ---- crypto ---- */

static int crypto_token(lua_State *L)
{
    char token[TH_TOKEN_LEN + 1];
    th_token_make(token);
    lua_pushlstring(L, token, TH_TOKEN_LEN);
    return 1;
}

static int crypto_sha256(lua_State *L)
{
    unsigned char hash[32];
    struct th_str s = check_str(L, 1);
    th_sha256(hash, &s, 1);
    lua_pushlstring(L, (const char *)hash, sizeof hash);
    return 1;
}

static int crypto_token_hash(lua_State *L)
{
    char hex[65];
    unsigned char hash[32];
    th_token_hash(check_str(L, 1), hex);
    th_hex_decode(hash, (struct th_str){hex, 64});
    lua_pushlstring(L, (const char *)hash, sizeof hash);
    return 1;
}

static int crypto_secret(lua_State *L)
{
    char secret[44];
    th_rand_text(secret, sizeof secret - 1);
    lua_pushlstring(L, secret, sizeof secret - 1);
    return 1;
}

static int crypto_random(lua_State *L)
{
    char bytes[64];
    lua_Integer n = luaL_checkinteger(L, 1);
    luaL_argcheck(L, n > 0 && n <= (lua_Integer)sizeof bytes, 1, "1 to 64 bytes");
    th_rand_bytes(bytes, (size_t)n);
    lua_pushlstring(L, bytes, (size_t)n);
    return 1;
}

static int crypto_seal(lua_State *L)
{
    struct th_str plain = check_str(L, 1), about = check_str(L, 2);
    luaL_Buffer b;
    char *out = luaL_buffinitsize(L, &b, plain.n + TH_SEAL_OVERHEAD);
    th_seal(runtime_of(L)->shared->keyring, about, plain, (unsigned char *)out);
    luaL_pushresultsize(&b, plain.n + TH_SEAL_OVERHEAD);
    return 1;
}

static int crypto_unseal(lua_State *L)
{
    struct th_str sealed = check_str(L, 1), about = check_str(L, 2);
    struct th_error err;
    size_t n = 0;
    luaL_Buffer b;
    char *out = luaL_buffinitsize(L, &b, sealed.n + 1);
    if (th_seal_open(runtime_of(L)->shared->keyring, about, sealed, out, &n, &err) != 0)
        return luaL_error(L, "%s does not open: %s", about.p, err.msg);
    luaL_pushresultsize(&b, n);
    return 1;
}

/* ---- what others have cached or queued ---- */

static int device_forget(lua_State *L)
{
    th_store_forget_device(runtime_of(L), check_str(L, 1));
    return 0;
}

static int product_forget(lua_State *L)
{
    th_store_forget_product(runtime_of(L), check_str(L, 1));
    return 0;
}

static int command_wake(lua_State *L)
{
    lua_Integer id = luaL_checkinteger(L, 1);
    th_command_wake(runtime_of(L), id, check_str(L, 2));
    return 0;
}

static void on_kicked(void *arg, int code)
{
    if (code != 0)
        th_warn("api_kick_failed", "error=%s", th_err_name(code));
}

/* A lost kick heals: the session ends with its allowance (auth.session). */
static int device_kick(lua_State *L)
{
    int rc = th_broker_kick(th_api_of(L)->w, 0, check_str(L, 1), on_kicked, NULL);
    if (rc != 0)
        on_kicked(NULL, rc);
    return 0;
}

static void on_online(void *arg, int code, bool online)
{
    struct th_api_task *t = arg;
    t->code = code;
    th_api_resume(t);
}

static int broker_up_done(lua_State *L, int status, lua_KContext ctx)
{
    lua_pushboolean(L, th_api_task_of(L)->code == 0);
    return 1;
}

/* Asks for a client that cannot be: any answer will do. */
static int broker_up(lua_State *L)
{
    struct th_api_task *t = th_api_task_of(L);
    int rc = th_broker_online(t->api->w, 0, TH_STR("thingd-probe"), on_online, t);
    if (rc != 0) {
        lua_pushboolean(L, 0);
        return 1;
    }
    return th_api_wait(L, t, broker_up_done);
}

static void on_kick_answered(void *arg, int code)
{
    struct th_api_task *t = arg;
    t->code = code;
    th_api_resume(t);
}

static int broker_kick_done(lua_State *L, int status, lua_KContext ctx)
{
    int code = th_api_task_of(L)->code;
    lua_pushstring(L, code == 0 ? "kicked" : code == -TH_ENOTFOUND ? "gone" : "failed");
    return 1;
}

static int broker_kick(lua_State *L)
{
    struct th_api_task *t = th_api_task_of(L);
    int node = (int)luaL_optinteger(L, 2, 0);
    if (th_broker_kick(t->api->w, node, check_str(L, 1), on_kick_answered, t) != 0) {
        lua_pushliteral(L, "failed");
        return 1;
    }
    return th_api_wait(L, t, broker_kick_done);
}

static const luaL_Reg platform[] = {{"answer", th_api_answer_now}, {"conf", platform_conf},
    {"count", platform_count}, {"counters", platform_counters}, {"draining", platform_draining},
    {"fetch", th_api_fetch}, {"limit", th_api_limit}, {"lint_script", th_api_lint_script},
    {"log", platform_log}, {"metrics", platform_metrics}, {"replay", th_api_replay},
    {"script_log", th_api_script_log}, {"script_say", th_api_script_say}, {"try_script", th_api_try_script},
    {"now", platform_now}, {NULL, NULL}};
static const luaL_Reg crypto[] = {{"random", crypto_random}, {"seal", crypto_seal}, {"secret", crypto_secret},
    {"sha256", crypto_sha256}, {"token", crypto_token}, {"token_hash", crypto_token_hash},
    {"unseal", crypto_unseal}, {NULL, NULL}};
static const luaL_Reg device[] = {{"forget", device_forget}, {"kick", device_kick}, {NULL, NULL}};
static const luaL_Reg product[] = {{"forget", product_forget}, {NULL, NULL}};
static const luaL_Reg command[] = {{"wake", command_wake}, {NULL, NULL}};
static const luaL_Reg broker[] = {{"up", broker_up}, {"kick", broker_kick}, {NULL, NULL}};

int th_api_open_platform(lua_State *L)
{
    static const struct {
        const char *name;
        const luaL_Reg *functions;
    } libraries[] = {{"crypto", crypto}, {"device", device}, {"product", product}, {"command", command},
        {"broker", broker}};
    luaL_newlib(L, platform);
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        lua_newtable(L);
        luaL_setfuncs(L, libraries[i].functions, 0);
        lua_setfield(L, -2, libraries[i].name);
    }
    lua_pushliteral(L, TH_VERSION);
    lua_setfield(L, -2, "version");
    return 1;
}
