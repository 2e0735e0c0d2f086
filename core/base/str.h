/* SPDX-License-Identifier: Apache-2.0
 *
 * Slices (pointer and length, not NUL-terminated, owned by someone else) and a growing buffer. */
#ifndef TH_STR_H
#define TH_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct th_str {
    const char *p;
    size_t n;
};

#define TH_STR(literal) ((struct th_str){("" literal), sizeof(literal) - 1})
#define TH_STR_FMT(s) (int)(s).n, (s).p /* for "%.*s" */

static inline struct th_str th_str(const char *z)
{
    return (struct th_str){z, z == NULL ? 0 : strlen(z)};
}

static inline bool th_str_eq(struct th_str a, struct th_str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool th_str_starts(struct th_str s, struct th_str prefix);
bool th_str_ends(struct th_str s, struct th_str suffix);
struct th_str th_str_trim(struct th_str s);
/* Cuts the next part off *rest at sep; false when rest is exhausted. "a,,b" has three parts; "" has one,
 * empty. Start with rest->p != NULL; after the last part rest->p is NULL. */
bool th_str_split(struct th_str *rest, char sep, struct th_str *part);
/* Whole decimal number without sign tricks or blanks; false when it is not one or does not fit. */
bool th_str_int(struct th_str s, int64_t *out);
/* Decimal digits, no NUL; returns how many bytes. */
#define TH_INT_MAX 24
size_t th_str_put_int(char out[TH_INT_MAX], int64_t v);
/* FNV-1a, 64 bit: for hash tables in memory, never for anything an attacker gains by colliding. */
uint64_t th_str_hash(struct th_str s);
/* SipHash-1-3 under a key drawn when the program starts: for tables whose keys outsiders choose. */
uint64_t th_str_hash_keyed(struct th_str s);
/* The form of product and device keys: 1 to 128 of A-Z a-z 0-9 - _. */
bool th_str_is_key(struct th_str s);
bool th_str_is_utf8(struct th_str s);
/* The first max bytes, less the part of a character that would be cut. */
struct th_str th_str_cut(struct th_str s, size_t max);
/* Bytes of the character at p (n of them left, at least 1); 0 when it is not UTF-8. */
size_t th_str_utf8_len(const char *p, size_t n);

struct th_buf {
    char *p; /* NUL-terminated when n > 0 or after th_buf_cstr() */
    size_t n;
    size_t cap;
};

void th_buf_put(struct th_buf *b, const void *p, size_t n);
void th_buf_puts(struct th_buf *b, const char *z);
void th_buf_putc(struct th_buf *b, char c);
void th_buf_str(struct th_buf *b, struct th_str s);
void th_buf_printf(struct th_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void th_buf_int(struct th_buf *b, int64_t v);
/* Room for n more bytes; returns where they go. The caller adds to b->n what it wrote. */
char *th_buf_room(struct th_buf *b, size_t n);
const char *th_buf_cstr(struct th_buf *b);
static inline struct th_str th_buf_view(const struct th_buf *b)
{
    return (struct th_str){b->p, b->n};
}
/* Empty, memory kept (given back when it had grown past 1 MiB). */
void th_buf_reset(struct th_buf *b);
void th_buf_free(struct th_buf *b);

#endif
