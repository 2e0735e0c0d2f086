// SPDX-License-Identifier: Apache-2.0
//
// thing.hash and thing.hmac. Results are lower-case hex, or the bytes themselves when the last argument is
// true.
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include "base/hex.h"
#include "bind/bind.h"
#include "bind/open.h"
#include "script/sandbox.h"

static int push_digest(lua_State *L, const unsigned char *p, unsigned n, bool raw)
{
    char hex[2 * EVP_MAX_MD_SIZE + 1];

    if (raw) {
        lua_pushlstring(L, (const char *)p, n);
    } else {
        th_hex_encode(hex, p, n);
        lua_pushlstring(L, hex, 2 * (size_t)n);
    }
    return 1;
}

static int digest(lua_State *L, const EVP_MD *md)
{
    unsigned char out[EVP_MAX_MD_SIZE];
    struct th_str s = th_bind_str(L, 1);
    unsigned n = 0;

    th_sandbox_check_size(L, s.n);
    if (EVP_Digest(s.p, s.n, out, &n, md, NULL) != 1)
        return luaL_error(L, "this digest is not available");
    return push_digest(L, out, n, lua_toboolean(L, 2));
}

static int keyed(lua_State *L, const EVP_MD *md)
{
    unsigned char out[EVP_MAX_MD_SIZE];
    struct th_str key = th_bind_str(L, 1), s = th_bind_str(L, 2);
    unsigned n = 0;

    th_sandbox_check_size(L, s.n);
    th_sandbox_check_size(L, key.n);
    if (HMAC(md, key.p, (int)key.n, (const unsigned char *)s.p, s.n, out, &n) == NULL)
        return luaL_error(L, "this digest is not available");
    return push_digest(L, out, n, lua_toboolean(L, 3));
}

static int hash_sha256(lua_State *L)
{
    return digest(L, EVP_sha256());
}

static int hash_sha1(lua_State *L)
{
    return digest(L, EVP_sha1());
}

static int hash_md5(lua_State *L)
{
    return digest(L, EVP_md5());
}

/* equal(a, b): in a time that does not tell where they differ */
static int hash_equal(lua_State *L)
{
    struct th_str a = th_bind_str(L, 1), b = th_bind_str(L, 2);
    lua_pushboolean(L, a.n == b.n && CRYPTO_memcmp(a.p, b.p, a.n) == 0);
    return 1;
}

static int hmac_sha256(lua_State *L)
{
    return keyed(L, EVP_sha256());
}

static int hmac_sha1(lua_State *L)
{
    return keyed(L, EVP_sha1());
}

static int hmac_md5(lua_State *L)
{
    return keyed(L, EVP_md5());
}

static const luaL_Reg hashes[] = {
    {"equal", hash_equal}, {"md5", hash_md5}, {"sha1", hash_sha1}, {"sha256", hash_sha256}, {NULL, NULL}};
static const luaL_Reg hmacs[] = {
    {"md5", hmac_md5}, {"sha1", hmac_sha1}, {"sha256", hmac_sha256}, {NULL, NULL}};

int th_bind_open_hash(lua_State *L)
{
    luaL_newlib(L, hashes);
    return 1;
}

int th_bind_open_hmac(lua_State *L)
{
    luaL_newlib(L, hmacs);
    return 1;
}
