/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/alloc.h"
#include "base/str.h"

#define KEEP_MAX (1u << 20)

bool th_str_starts(struct th_str s, struct th_str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

bool th_str_ends(struct th_str s, struct th_str suffix)
{
    return s.n >= suffix.n && (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct th_str th_str_trim(struct th_str s)
{
    while (s.n > 0 && is_blank(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && is_blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

bool th_str_split(struct th_str *rest, char sep, struct th_str *part)
{
    if (rest->p == NULL)
        return false;
    const char *at = rest->n > 0 ? memchr(rest->p, sep, rest->n) : NULL;
    if (at == NULL) {
        *part = *rest;
        *rest = (struct th_str){NULL, 0};
        return true;
    }
    *part = (struct th_str){rest->p, (size_t)(at - rest->p)};
    *rest = (struct th_str){at + 1, rest->n - part->n - 1};
    return true;
}

bool th_str_int(struct th_str s, int64_t *out)
{
    bool negative = s.n > 0 && s.p[0] == '-';
    uint64_t limit = negative ? (uint64_t)INT64_MAX + 1 : INT64_MAX, v = 0;
    size_t i = negative ? 1 : 0;
    if (i == s.n)
        return false;
    for (; i < s.n; i++) {
        unsigned digit = (unsigned char)s.p[i] - '0';
        if (digit > 9 || v > (limit - digit) / 10)
            return false;
        v = v * 10 + digit;
    }
    *out = negative ? (int64_t)(0 - v) : (int64_t)v;
    return true;
}

uint64_t th_str_hash(struct th_str s)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
    return h;
}

static uint64_t hash_key[2];

__attribute__((constructor)) static void draw_hash_key(void)
{
    if (getrandom(hash_key, sizeof hash_key, 0) != sizeof hash_key) {
        perror("thingd: getrandom");
        abort();
    }
}

static uint64_t turn(uint64_t v, int bits)
{
    return v << bits | v >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = turn(v[1], 13) ^ v[0];
    v[3] = turn(v[3], 16) ^ v[2];
    v[0] = turn(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = turn(v[1], 17) ^ v[2];
    v[3] = turn(v[3], 21) ^ v[0];
    v[2] = turn(v[2], 32);
}

static uint64_t siphash13(const uint64_t key[2], struct th_str s)
{
    uint64_t v[4] = {key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d, key[0] ^ 0x6c7967656e657261,
        key[1] ^ 0x7465646279746573};
    uint64_t last = (uint64_t)s.n << 56, word;
    size_t i = 0;
    for (; s.n - i >= 8; i += 8) {
        memcpy(&word, s.p + i, 8);
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    for (int shift = 0; i < s.n; i++, shift += 8)
        last |= (uint64_t)(unsigned char)s.p[i] << shift;
    v[3] ^= last;
    sip_round(v);
    v[0] ^= last;
    v[2] ^= 0xff;
    for (int round = 0; round < 3; round++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint64_t th_str_hash_keyed(struct th_str s)
{
    return siphash13(hash_key, s);
}

bool th_str_is_key(struct th_str s)
{
    if (s.n < 1 || s.n > 128)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                c == '_'))
            return false;
    }
    return true;
}

/* The well-formed sequences of the Unicode standard, table 3-7. */
static size_t sequence(const unsigned char *p, size_t n)
{
    unsigned char c = p[0], low = 0x80, high = 0xbf;
    size_t len;
    if (c >= 0xc2 && c <= 0xdf)
        len = 2;
    else if (c >= 0xe0 && c <= 0xef)
        len = 3;
    else if (c >= 0xf0 && c <= 0xf4)
        len = 4;
    else
        return 0;
    if (c == 0xe0)
        low = 0xa0;
    else if (c == 0xed)
        high = 0x9f;
    else if (c == 0xf0)
        low = 0x90;
    else if (c == 0xf4)
        high = 0x8f;
    if (n < len || p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < len; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return len;
}

size_t th_str_utf8_len(const char *p, size_t n)
{
    return (unsigned char)p[0] < 0x80 ? 1 : sequence((const unsigned char *)p, n);
}

/* Most text is ASCII: eight bytes at a time. */
static size_t skip_ascii(struct th_str s, size_t i)
{
    uint64_t word;
    while (i + sizeof word <= s.n) {
        memcpy(&word, s.p + i, sizeof word);
        if ((word & 0x8080808080808080u) != 0)
            break;
        i += sizeof word;
    }
    return i;
}

bool th_str_is_utf8(struct th_str s)
{
    for (size_t i = skip_ascii(s, 0); i < s.n; i = skip_ascii(s, i)) {
        size_t len = th_str_utf8_len(s.p + i, s.n - i);
        if (len == 0)
            return false;
        i += len;
    }
    return true;
}

struct th_str th_str_cut(struct th_str s, size_t max)
{
    if (s.n <= max)
        return s;
    size_t n = max;
    while (n > 0 && max - n < 3 && ((unsigned char)s.p[n] & 0xc0) == 0x80)
        n--;
    return (struct th_str){s.p, n};
}

char *th_buf_room(struct th_buf *b, size_t n)
{
    if (b->n + n + 1 > b->cap) {
        size_t cap = b->cap > 0 ? b->cap : 64;
        while (cap < b->n + n + 1)
            cap *= 2;
        b->p = th_realloc(b->p, cap);
        b->cap = cap;
    }
    return b->p + b->n;
}

void th_buf_put(struct th_buf *b, const void *p, size_t n)
{
    if (n == 0)
        return;
    memcpy(th_buf_room(b, n), p, n);
    b->n += n;
    b->p[b->n] = 0;
}

void th_buf_puts(struct th_buf *b, const char *z)
{
    th_buf_put(b, z, strlen(z));
}

void th_buf_putc(struct th_buf *b, char c)
{
    char *p = th_buf_room(b, 1);
    p[0] = c;
    p[1] = 0;
    b->n++;
}

void th_buf_str(struct th_buf *b, struct th_str s)
{
    th_buf_put(b, s.p, s.n);
}

void th_buf_printf(struct th_buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    size_t free = b->cap > b->n ? b->cap - b->n : 0;
    int n = vsnprintf(free > 0 ? b->p + b->n : NULL, free, fmt, ap);
    va_end(ap);
    if ((size_t)n + 1 > free)
        vsnprintf(th_buf_room(b, (size_t)n), (size_t)n + 1, fmt, again);
    va_end(again);
    b->n += (size_t)n;
}

size_t th_str_put_int(char out[TH_INT_MAX], int64_t v)
{
    char digits[TH_INT_MAX], *p = digits + sizeof digits;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do {
        *--p = (char)('0' + u % 10);
        u /= 10;
    } while (u > 0);
    if (v < 0)
        *--p = '-';
    size_t n = (size_t)(digits + sizeof digits - p);
    memcpy(out, p, n);
    return n;
}

void th_buf_int(struct th_buf *b, int64_t v)
{
    char digits[TH_INT_MAX];
    th_buf_put(b, digits, th_str_put_int(digits, v));
}

const char *th_buf_cstr(struct th_buf *b)
{
    th_buf_room(b, 0)[0] = 0;
    return b->p;
}

void th_buf_reset(struct th_buf *b)
{
    if (b->cap > KEEP_MAX)
        th_buf_free(b);
    b->n = 0;
}

void th_buf_free(struct th_buf *b)
{
    th_free(b->p);
    *b = (struct th_buf){0};
}
