// SPDX-License-Identifier: Apache-2.0
//
// thing.crc: checksums as devices' protocols name them.
#include "bind/bind.h"
#include "bind/open.h"

#define BYTES_PER_CHECK 4096

struct crc {
    const char *name;
    int width;
    uint32_t poly, init, out;
    bool reflected;
};

/* Parameters and names as in the catalogue of the reveng project; the first of each width is its default. */
static const struct crc variants[] = {
    {"smbus", 8, 0x07, 0x00, 0x00, false},
    {"maxim", 8, 0x31, 0x00, 0x00, true},
    {"sae_j1850", 8, 0x1d, 0xff, 0xff, false},
    {"rohc", 8, 0x07, 0xff, 0x00, true},
    {"modbus", 16, 0x8005, 0xffff, 0x0000, true},
    {"arc", 16, 0x8005, 0x0000, 0x0000, true},
    {"ccitt_false", 16, 0x1021, 0xffff, 0x0000, false},
    {"xmodem", 16, 0x1021, 0x0000, 0x0000, false},
    {"kermit", 16, 0x1021, 0x0000, 0x0000, true},
    {"x25", 16, 0x1021, 0xffff, 0xffff, true},
    {"genibus", 16, 0x1021, 0xffff, 0xffff, false},
    {"mcrf4xx", 16, 0x1021, 0xffff, 0x0000, true},
    {"usb", 16, 0x8005, 0xffff, 0xffff, true},
    {"dnp", 16, 0x3d65, 0x0000, 0xffff, true},
    {"en_13757", 16, 0x3d65, 0x0000, 0xffff, false},
    {"iso_hdlc", 32, 0x04c11db7, 0xffffffff, 0xffffffff, true},
    {"castagnoli", 32, 0x1edc6f41, 0xffffffff, 0xffffffff, true},
    {"bzip2", 32, 0x04c11db7, 0xffffffff, 0xffffffff, false},
    {"mpeg_2", 32, 0x04c11db7, 0xffffffff, 0x00000000, false},
};

static uint32_t reflect(uint32_t v, int width)
{
    uint32_t r = 0;
    for (int i = 0; i < width; i++)
        r |= (v >> i & 1) << (width - 1 - i);
    return r;
}

static uint32_t byte_step(const struct crc *c, uint32_t poly, uint32_t crc, unsigned char byte)
{
    if (c->reflected) {
        crc ^= byte;
        for (int k = 0; k < 8; k++)
            crc = crc >> 1 ^ ((crc & 1) != 0 ? poly : 0);
        return crc;
    }
    uint32_t top = (uint32_t)1 << (c->width - 1);
    crc ^= (uint32_t)byte << (c->width - 8);
    for (int k = 0; k < 8; k++)
        crc = crc << 1 ^ ((crc & top) != 0 ? poly : 0);
    return crc;
}

static const struct crc *find(lua_State *L, int width)
{
    const char *name = luaL_optstring(L, 2, NULL);
    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
        if (variants[i].width == width && (name == NULL || strcmp(variants[i].name, name) == 0))
            return &variants[i];
    }
    luaL_argerror(L, 2, "unknown variant");
    return NULL;
}

static int compute(lua_State *L, int width)
{
    struct th_str s = th_bind_str(L, 1);
    const struct crc *c = find(L, width);
    uint32_t mask = width == 32 ? 0xffffffffu : ((uint32_t)1 << width) - 1;
    uint32_t poly = c->reflected ? reflect(c->poly, width) : c->poly;
    uint32_t crc = c->init; /* all ones or all zeros: the same reflected */

    for (size_t i = 0; i < s.n; i++) {
        if (i % BYTES_PER_CHECK == 0)
            th_budget_check(L);
        crc = byte_step(c, poly, crc, (unsigned char)s.p[i]);
    }
    lua_pushinteger(L, (crc ^ c->out) & mask);
    return 1;
}

static int crc_8(lua_State *L)
{
    return compute(L, 8);
}

static int crc_16(lua_State *L)
{
    return compute(L, 16);
}

static int crc_32(lua_State *L)
{
    return compute(L, 32);
}

static int crc_sum8(lua_State *L)
{
    struct th_str s = th_bind_str(L, 1);
    unsigned sum = 0;

    for (size_t i = 0; i < s.n; i++)
        sum += (unsigned char)s.p[i];
    lua_pushinteger(L, sum & 0xff);
    return 1;
}

static int crc_xor8(lua_State *L)
{
    struct th_str s = th_bind_str(L, 1);
    unsigned sum = 0;

    for (size_t i = 0; i < s.n; i++)
        sum ^= (unsigned char)s.p[i];
    lua_pushinteger(L, sum);
    return 1;
}

static const luaL_Reg functions[] = {{"crc8", crc_8}, {"crc16", crc_16}, {"crc32", crc_32},
    {"sum8", crc_sum8}, {"xor8", crc_xor8}, {NULL, NULL}};

int th_bind_open_crc(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
