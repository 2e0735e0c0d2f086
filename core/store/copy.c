/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <endian.h>

#include "store/copy.h"

#define PG_EPOCH_MS 946684800000LL /* 2000-01-01, from which PostgreSQL counts */

static void put16(struct th_buf *b, uint16_t v)
{
    v = htons(v);
    th_buf_put(b, &v, sizeof v);
}

static void put32(struct th_buf *b, uint32_t v)
{
    v = htonl(v);
    th_buf_put(b, &v, sizeof v);
}

static void put64(struct th_buf *b, uint64_t v)
{
    v = htobe64(v);
    th_buf_put(b, &v, sizeof v);
}

void th_copy_begin(struct th_copy *c)
{
    th_buf_reset(&c->buf);
    c->rows = 0;
    th_buf_put(&c->buf, "PGCOPY\n\377\r\n\0", 11);
    put32(&c->buf, 0);
    put32(&c->buf, 0);
}

void th_copy_row(struct th_copy *c, int fields)
{
    c->rows++;
    put16(&c->buf, (uint16_t)fields);
}

void th_copy_bool(struct th_copy *c, bool v)
{
    put32(&c->buf, 1);
    th_buf_putc(&c->buf, v ? 1 : 0);
}

void th_copy_int2(struct th_copy *c, int16_t v)
{
    put32(&c->buf, 2);
    put16(&c->buf, (uint16_t)v);
}

void th_copy_int4(struct th_copy *c, int32_t v)
{
    put32(&c->buf, 4);
    put32(&c->buf, (uint32_t)v);
}

void th_copy_int8(struct th_copy *c, int64_t v)
{
    put32(&c->buf, 8);
    put64(&c->buf, (uint64_t)v);
}

void th_copy_time(struct th_copy *c, int64_t ms)
{
    th_copy_int8(c, (ms - PG_EPOCH_MS) * 1000);
}

void th_copy_uuid(struct th_copy *c, const unsigned char id[16])
{
    put32(&c->buf, 16);
    th_buf_put(&c->buf, id, 16);
}

void th_copy_text(struct th_copy *c, struct th_str s)
{
    put32(&c->buf, (uint32_t)s.n);
    th_buf_str(&c->buf, s);
}

void th_copy_json(struct th_copy *c, struct th_str s)
{
    put32(&c->buf, (uint32_t)s.n + 1);
    th_buf_putc(&c->buf, 1); /* version of jsonb's binary form */
    th_buf_str(&c->buf, s);
}

void th_copy_null(struct th_copy *c)
{
    put32(&c->buf, UINT32_MAX);
}

void th_copy_end(struct th_copy *c)
{
    put16(&c->buf, UINT16_MAX);
}

void th_copy_free(struct th_copy *c)
{
    th_buf_free(&c->buf);
}

static void separate(struct th_buf *b)
{
    if (b->p[b->n - 1] != '{')
        th_buf_putc(b, ',');
}

void th_array_open(struct th_buf *b)
{
    th_buf_puts(b, "'{");
}

void th_array_int(struct th_buf *b, int64_t v)
{
    separate(b);
    th_buf_int(b, v);
}

void th_array_text(struct th_buf *b, struct th_str s)
{
    separate(b);
    char *start = th_buf_room(b, 2 * s.n + 2), *p = start;
    *p++ = '"';
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        if (ch == '"' || ch == '\\')
            *p++ = '\\';
        else if (ch == '\'')
            *p++ = '\'';
        *p++ = ch;
    }
    *p++ = '"';
    b->n += (size_t)(p - start);
}

void th_array_bool(struct th_buf *b, bool v)
{
    separate(b);
    th_buf_putc(b, v ? 't' : 'f');
}

void th_array_null(struct th_buf *b)
{
    separate(b);
    th_buf_put(b, "NULL", 4);
}

void th_array_close(struct th_buf *b)
{
    th_buf_puts(b, "}'");
}

void th_columns_open(struct th_buf *col, int columns)
{
    for (int i = 0; i < columns; i++) {
        th_buf_reset(&col[i]);
        th_array_open(&col[i]);
    }
}

void th_columns_execute(struct th_buf *sql, const char *statement, struct th_buf *col, int columns)
{
    th_buf_printf(sql, "execute %s(", statement);
    for (int i = 0; i < columns; i++) {
        if (i > 0)
            th_buf_putc(sql, ',');
        th_array_close(&col[i]);
        th_buf_str(sql, th_buf_view(&col[i]));
    }
    th_buf_puts(sql, ");");
}
