/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/logfmt.h"

#define VALUE_MAX 1000

struct writer {
    struct th_buf *out;
    bool quoted; /* inside "..." of the format */
    int error;   /* errno of the caller */
    va_list ap;
};

static void put_text(struct writer *w, struct th_str value)
{
    if (value.n > VALUE_MAX)
        value.n = VALUE_MAX;
    if (w->quoted) {
        struct th_buf b = {0};
        th_json_put_str(&b, value);
        th_buf_put(w->out, b.p + 1, b.n - 2);
        th_buf_free(&b);
        return;
    }
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        th_buf_putc(w->out, c < 0x20 || c == 0x7f ? '?' : (char)c);
    }
}

/* One conversion: its text without length modifier, since the value is passed on at full width. */
struct spec {
    char text[40];
    size_t n;
    int precision; /* -1: none */
    char length;   /* 0, 'l', 'L' for ll, 'z' */
};

static void add(struct spec *s, char c)
{
    if (s->n + 4 < sizeof s->text) /* room for "ll", the conversion and a NUL */
        s->text[s->n++] = c;
}

static const char *read_number(struct writer *w, struct spec *s, const char *f, int *value)
{
    char digits[16];
    *value = 0;
    if (*f == '*') {
        *value = va_arg(w->ap, int);
        f++;
    } else {
        while (*f >= '0' && *f <= '9' && *value < 100000)
            *value = *value * 10 + (*f++ - '0');
    }
    snprintf(digits, sizeof digits, "%d", *value);
    for (const char *d = digits; *d != 0; d++)
        add(s, *d);
    return f;
}

static const char *read_spec(struct writer *w, struct spec *s, const char *f)
{
    int width;
    *s = (struct spec){.precision = -1};
    add(s, '%');
    while (*f != 0 && strchr("-+ #0", *f) != NULL)
        add(s, *f++);
    if (*f == '*' || (*f >= '1' && *f <= '9'))
        f = read_number(w, s, f, &width);
    if (*f == '.') {
        add(s, '.');
        f = read_number(w, s, f + 1, &s->precision);
    }
    for (; *f != 0 && strchr("hlzjtqL", *f) != NULL; f++)
        s->length = *f == 'l' && s->length == 'l' ? 'L' : *f == 'h' ? 0 : *f;
    return f;
}

static int64_t signed_arg(struct writer *w, char length)
{
    if (length == 0)
        return va_arg(w->ap, int);
    return length == 'l' ? va_arg(w->ap, long) : va_arg(w->ap, long long);
}

static uint64_t unsigned_arg(struct writer *w, char length)
{
    if (length == 0)
        return va_arg(w->ap, unsigned);
    return length == 'l' ? va_arg(w->ap, unsigned long) : va_arg(w->ap, unsigned long long);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* s->text is a checked format, one conversion */
static void put_spec(struct writer *w, struct spec *s, char conversion)
{
    char value[512];
    if (conversion == 's' || conversion == 'm') {
        const char *p = conversion == 's' ? va_arg(w->ap, const char *) : strerror(w->error);
        if (p == NULL)
            p = "(null)";
        put_text(w, (struct th_str){p, s->precision >= 0 ? strnlen(p, (size_t)s->precision) : strlen(p)});
        return;
    }
    if (strchr("di", conversion) != NULL) {
        memcpy(s->text + s->n, "lld", 4);
        snprintf(value, sizeof value, s->text, (long long)signed_arg(w, s->length));
    } else if (strchr("ouxX", conversion) != NULL) {
        memcpy(s->text + s->n, (char[]){'l', 'l', conversion, 0}, 4);
        snprintf(value, sizeof value, s->text, (unsigned long long)unsigned_arg(w, s->length));
    } else {
        memcpy(s->text + s->n, (char[]){conversion, 0}, 2);
        if (conversion == 'c')
            snprintf(value, sizeof value, s->text, va_arg(w->ap, int));
        else if (conversion == 'p')
            snprintf(value, sizeof value, s->text, va_arg(w->ap, void *));
        else if (strchr("aAeEfFgG", conversion) != NULL && s->length != 'L')
            snprintf(value, sizeof value, s->text, va_arg(w->ap, double));
        else
            abort();
    }
    put_text(w, th_str(value));
}
#pragma GCC diagnostic pop

void th_logfmt_put(struct th_buf *out, const char *fmt, va_list ap)
{
    struct writer w = {.out = out, .error = errno};
    struct spec s;
    va_copy(w.ap, ap);
    for (const char *f = fmt; *f != 0; f++) {
        if (*f != '%' || f[1] == '%') {
            w.quoted ^= *f == '"';
            th_buf_putc(out, *f);
            f += *f == '%';
            continue;
        }
        f = read_spec(&w, &s, f + 1);
        put_spec(&w, &s, *f);
    }
    va_end(w.ap);
}

/* The bytes up to the quote that ends the value; p is behind the first. */
static size_t quoted_length(struct th_str p)
{
    size_t i = 0;
    while (i < p.n && p.p[i] != '"')
        i += p.p[i] == '\\' && i + 1 < p.n ? 2 : 1;
    return i;
}

static size_t put_quoted(struct th_buf *out, struct th_str rest)
{
    size_t n = quoted_length((struct th_str){rest.p + 1, rest.n - 1});
    struct th_str whole = {rest.p, n + 2 < rest.n ? n + 2 : rest.n};
    struct th_arena arena;
    struct th_json j;
    th_arena_init(&arena);
    if (th_json_read(&j, &arena, whole, NULL) == 0)
        th_buf_str(out, whole);
    else
        th_json_put_str(out, (struct th_str){rest.p + 1, n});
    th_arena_free(&arena);
    return whole.n;
}

void th_logfmt_to_json(struct th_buf *out, struct th_str fields)
{
    struct th_str rest = th_str_trim(fields), key;
    while (rest.n > 0) {
        struct th_str value = rest;
        th_str_split(&value, '=', &key);
        if (value.p == NULL)
            break;
        th_buf_putc(out, ',');
        th_json_put_str(out, th_str_trim(key));
        th_buf_putc(out, ':');
        size_t n = 0;
        if (value.n > 0 && value.p[0] == '"') {
            n = put_quoted(out, value);
        } else {
            while (n < value.n && value.p[n] != ' ')
                n++;
            th_json_put_str(out, (struct th_str){value.p, n});
        }
        rest = th_str_trim((struct th_str){value.p + n, value.n - n});
    }
}
