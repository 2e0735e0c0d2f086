/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"

static const char hex_digits[] = "0123456789abcdef";
static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void th_hex_encode(char *out, const void *p, size_t n)
{
    const unsigned char *in = p;
    for (size_t i = 0; i < n; i++) {
        *out++ = hex_digits[in[i] >> 4];
        *out++ = hex_digits[in[i] & 15];
    }
    *out = 0;
}

void th_hex_put(struct th_buf *b, const void *p, size_t n)
{
    th_hex_encode(th_buf_room(b, 2 * n), p, n);
    b->n += 2 * n;
}

static int nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool th_hex_decode(void *out, struct th_str hex)
{
    unsigned char *p = out;
    if (hex.n % 2 != 0)
        return false;
    for (size_t i = 0; i < hex.n; i += 2) {
        int high = nibble(hex.p[i]), low = nibble(hex.p[i + 1]);
        if (high < 0 || low < 0)
            return false;
        *p++ = (unsigned char)(high << 4 | low);
    }
    return true;
}

/* Value of each letter plus one; 0: not of the alphabet. */
#define LETTERS(extra62, extra63)                                                                            \
    {                                                                                                        \
        ['A'] = 1, ['B'] = 2, ['C'] = 3, ['D'] = 4, ['E'] = 5, ['F'] = 6, ['G'] = 7, ['H'] = 8, ['I'] = 9,   \
        ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16, ['Q'] = 17,      \
        ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24, ['Y'] = 25,      \
        ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32, ['g'] = 33,      \
        ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41,      \
        ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49,      \
        ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56, ['4'] = 57,      \
        ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, [extra62] = 63, [extra63] = 64           \
    }
static const unsigned char standard_value[256] = LETTERS('+', '/');
static const unsigned char url_value[256] = LETTERS('-', '_');

static bool decode(
    const unsigned char value[256], unsigned char *out, size_t *out_n, const char *in, size_t n)
{
    const unsigned char *p = (const unsigned char *)in;
    unsigned char *o = out;
    size_t whole = n / 4, left = n % 4;
    for (size_t i = 0; i < whole; i++, p += 4) {
        unsigned a = value[p[0]], b = value[p[1]], c = value[p[2]], d = value[p[3]];
        if (a == 0 || b == 0 || c == 0 || d == 0)
            return false;
        uint32_t v = (a - 1) << 18 | (b - 1) << 12 | (c - 1) << 6 | (d - 1);
        *o++ = (unsigned char)(v >> 16);
        *o++ = (unsigned char)(v >> 8);
        *o++ = (unsigned char)v;
    }
    if (left == 1)
        return false;
    if (left > 1) {
        unsigned a = value[p[0]], b = value[p[1]], c = left == 3 ? value[p[2]] : 1;
        if (a == 0 || b == 0 || c == 0)
            return false;
        uint32_t v = (a - 1) << 18 | (b - 1) << 12 | (c - 1) << 6;
        /* Bits that belong to no byte must be zero: one text per value. */
        if ((left == 2 && (v & 0xffff) != 0) || (left == 3 && (v & 0xff) != 0))
            return false;
        *o++ = (unsigned char)(v >> 16);
        if (left == 3)
            *o++ = (unsigned char)(v >> 8);
    }
    *out_n = (size_t)(o - out);
    return true;
}

bool th_base64_decode(void *out, size_t *out_n, struct th_str text)
{
    if (text.n % 4 != 0)
        return false;
    size_t n = text.n;
    if (n > 0 && text.p[n - 1] == '=')
        n -= text.p[n - 2] == '=' ? 2 : 1;
    return decode(standard_value, out, out_n, text.p, n);
}

bool th_base64url_decode(void *out, size_t *out_n, struct th_str text)
{
    return decode(url_value, out, out_n, text.p, text.n);
}

static void encode(struct th_buf *b, const char *letters, bool pad, const unsigned char *in, size_t n)
{
    char *start = th_buf_room(b, (n + 2) / 3 * 4), *o = start;
    for (; n >= 3; n -= 3, in += 3) {
        *o++ = letters[in[0] >> 2];
        *o++ = letters[(in[0] & 3) << 4 | in[1] >> 4];
        *o++ = letters[(in[1] & 15) << 2 | in[2] >> 6];
        *o++ = letters[in[2] & 63];
    }
    if (n > 0) {
        unsigned second = n == 2 ? in[1] : 0;
        *o++ = letters[in[0] >> 2];
        *o++ = letters[(in[0] & 3) << 4 | second >> 4];
        if (n == 2)
            *o++ = letters[(second & 15) << 2];
        else if (pad)
            *o++ = '=';
        if (pad)
            *o++ = '=';
    }
    *o = 0;
    b->n += (size_t)(o - start);
}

void th_base64_put(struct th_buf *b, const void *p, size_t n)
{
    encode(b, standard, true, p, n);
}

void th_base64url_put(struct th_buf *b, const void *p, size_t n)
{
    encode(b, url_safe, false, p, n);
}
