// SPDX-License-Identifier: Apache-2.0
//
// thing.base64
#include "base/hex.h"
#include "bind/bind.h"
#include "bind/open.h"
#include "script/sandbox.h"

static int encode(lua_State *L, void (*put)(struct th_buf *, const void *, size_t))
{
    struct th_str s = th_bind_str(L, 1);
    struct th_state *st = th_state_of(L);

    th_sandbox_check_size(L, s.n / 3 * 4 + 4);
    th_buf_reset(&st->out);
    put(&st->out, s.p, s.n);
    lua_pushlstring(L, st->out.p, st->out.n);
    return 1;
}

static int base64_encode(lua_State *L)
{
    return encode(L, th_base64_put);
}

static int base64_encode_url(lua_State *L)
{
    return encode(L, th_base64url_put);
}

static int decode(lua_State *L, bool (*read)(void *, size_t *, struct th_str))
{
    struct th_str s = th_bind_str(L, 1);
    luaL_Buffer b;
    size_t n;

    th_sandbox_check_size(L, s.n);
    char *out = luaL_buffinitsize(L, &b, th_base64_max(s.n) + 3);
    if (!read(out, &n, s))
        return th_bind_fail(L, -TH_EINVAL, "not base64");
    luaL_pushresultsize(&b, n);
    return 1;
}

static int base64_decode(lua_State *L)
{
    return decode(L, th_base64_decode);
}

static int base64_decode_url(lua_State *L)
{
    return decode(L, th_base64url_decode);
}

static const luaL_Reg functions[] = {{"decode", base64_decode}, {"decode_url", base64_decode_url},
    {"encode", base64_encode}, {"encode_url", base64_encode_url}, {NULL, NULL}};

int th_bind_open_base64(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
