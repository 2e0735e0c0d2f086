// SPDX-License-Identifier: Apache-2.0
//
// thing.auth: what on_auth may ask about the device's keys. It gets answers, never a key; comparing takes a
// time that tells nothing.
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include "base/hex.h"
#include "bind/bind.h"
#include "bind/call.h"
#include "bind/open.h"
#include "script/sandbox.h"
#include "sec/digest.h"

static const struct th_keys *keys_of(lua_State *L, const char *function)
{
    th_bind_phase(L, TH_PHASE_AUTH, function);
    const struct th_call_context *c = th_task_ctx(L);
    if (c == NULL || c->client == NULL)
        luaL_error(L, "%s is not available here", function);
    return c->client->keys;
}

static int auth_key_is(lua_State *L)
{
    const struct th_keys *keys = keys_of(L, "thing.auth.key_is");
    struct th_str text = th_bind_str(L, 1);
    bool is = false;
    for (unsigned i = 0; i < keys->count; i++)
        is |= th_equal_secret(keys->list[i], text);
    lua_pushboolean(L, is);
    return 1;
}

static const EVP_MD *algorithm(lua_State *L, int arg)
{
    static const char *const names[] = {"sha256", "sha1", "md5", NULL};
    static const EVP_MD *(*const digests[])(void) = {EVP_sha256, EVP_sha1, EVP_md5};
    return digests[luaL_checkoption(L, arg, NULL, names)]();
}

static int auth_hmac_is(lua_State *L)
{
    const struct th_keys *keys = keys_of(L, "thing.auth.hmac_is");
    const EVP_MD *md = algorithm(L, 1);
    struct th_str data = th_bind_str(L, 2), hex = th_bind_str(L, 3);
    unsigned char want[EVP_MAX_MD_SIZE], got[EVP_MAX_MD_SIZE];
    size_t n = (size_t)EVP_MD_size(md);
    bool readable = hex.n == 2 * n && th_hex_decode(want, hex), is = false;
    for (unsigned i = 0; readable && i < keys->count; i++) {
        unsigned size = 0;
        th_sandbox_check_size(L, data.n);
        if (HMAC(md, keys->list[i].p, (int)keys->list[i].n, (const unsigned char *)data.p, data.n, got,
                &size) == NULL)
            return luaL_error(L, "this digest is not available");
        is |=
            th_equal_secret((struct th_str){(const char *)want, n}, (struct th_str){(const char *)got, size});
    }
    lua_pushboolean(L, is);
    return 1;
}

static const luaL_Reg functions[] = {{"key_is", auth_key_is}, {"hmac_is", auth_hmac_is}, {NULL, NULL}};

int th_bind_open_auth(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
