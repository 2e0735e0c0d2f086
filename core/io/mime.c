/* SPDX-License-Identifier: Apache-2.0 */
#include "io/mime.h"

#include <string.h>
#include <time.h>
#include "base/hex.h"

#define ADDRESS_MAX 254
#define LINE_BASE64 57      /* bytes that make a line of 76 */
#define WORD_BYTES 42       /* of text in one encoded word: =?UTF-8?B?...?= stays below 75 */
#define SUBJECT_PLAIN 60    /* bytes of a subject that needs neither encoding nor folding */
#define BOUNDARY "=_thingd" /* cannot stand in base64 */

/* ---- addresses ---- */

static bool is_atom(struct th_str s)
{
    static const char others[] = "!#$%&'*+-/=?^_`{|}~.";
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool alnum = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
        if (!alnum && (c == 0 || strchr(others, c) == NULL))
            return false;
        if (c == '.' && (i == 0 || i + 1 == s.n || s.p[i - 1] == '.'))
            return false;
    }
    return s.n > 0;
}

static bool is_domain(struct th_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool alnum = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
        if (!alnum && c != '-' && c != '.')
            return false;
    }
    return is_atom(s) && s.p[0] != '-';
}

bool th_mime_is_address(struct th_str s)
{
    struct th_str domain = s, local;
    return s.n <= ADDRESS_MAX && s.n > 0 && th_str_split(&domain, '@', &local) && domain.p != NULL &&
           local.n <= 64 && local.p[0] != '-' && is_atom(local) && is_domain(domain);
}

bool th_mime_mailbox(struct th_str s, struct th_str *name, struct th_str *address)
{
    s = th_str_trim(s);
    *name = TH_STR("");
    *address = s;
    if (th_str_ends(s, TH_STR(">"))) {
        struct th_str rest = {s.p, s.n - 1};
        th_str_split(&rest, '<', name);
        if (rest.p == NULL)
            return false;
        *name = th_str_trim(*name);
        *address = rest;
    }
    return th_mime_is_address(*address) && th_str_is_utf8(*name);
}

/* ---- headers ---- */

static bool is_plain(struct th_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 32 || s.p[i] > 126)
            return false;
    return s.n == 0 || (s.n <= SUBJECT_PLAIN && memmem(s.p, s.n, "=?", 2) == NULL);
}

/* Encoded words, a line each, cut between characters. */
static void put_words(struct th_buf *out, struct th_str s)
{
    for (bool first = true; s.n > 0; first = false) {
        struct th_str part = th_str_cut(s, WORD_BYTES);
        if (part.n == 0) /* not UTF-8 after all */
            part = (struct th_str){s.p, s.n < WORD_BYTES ? s.n : WORD_BYTES};
        th_buf_puts(out, first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
        th_base64_put(out, part.p, part.n);
        th_buf_puts(out, "?=");
        s = (struct th_str){s.p + part.n, s.n - part.n};
    }
}

static void put_text(struct th_buf *out, struct th_str s)
{
    if (is_plain(s))
        th_buf_str(out, s);
    else
        put_words(out, s);
}

/* A name in quotes, or encoded when quotes would not do. */
static void put_name(struct th_buf *out, struct th_str name)
{
    bool quotes =
        is_plain(name) && memchr(name.p, '"', name.n) == NULL && memchr(name.p, '\\', name.n) == NULL;
    if (quotes)
        th_buf_printf(out, "\"%.*s\"", TH_STR_FMT(name));
    else
        put_words(out, name);
}

static void put_from(struct th_buf *out, struct th_str from)
{
    struct th_str name, address;
    th_mime_mailbox(from, &name, &address);
    th_buf_puts(out, "From: ");
    if (name.n > 0) {
        put_name(out, name);
        th_buf_puts(out, "\r\n ");
    }
    th_buf_printf(out, "<%.*s>\r\n", TH_STR_FMT(address));
}

/* RFC 5322's form, whatever the locale. */
static void put_date(struct th_buf *out, int64_t time_ms)
{
    static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm t;
    gmtime_r(&seconds, &t);
    th_buf_printf(out, "Date: %.3s, %02d %.3s %d %02d:%02d:%02d +0000\r\n", days + 3 * t.tm_wday, t.tm_mday,
        months + 3 * t.tm_mon, t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

static void put_head(struct th_buf *out, const struct th_mime *m)
{
    struct th_str name, domain, local;
    th_mime_mailbox(m->from, &name, &domain);
    th_str_split(&domain, '@', &local);
    put_from(out, m->from);
    th_buf_printf(out, "To: <%.*s>\r\nSubject: ", TH_STR_FMT(m->to));
    put_text(out, m->subject);
    th_buf_puts(out, "\r\n");
    put_date(out, m->time_ms);
    th_buf_printf(out, "Message-ID: <%.*s@%.*s>\r\n", TH_STR_FMT(m->id), TH_STR_FMT(domain));
    th_buf_puts(out, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
}

/* ---- bodies ---- */

static void put_body(struct th_buf *out, const char *type, struct th_str s)
{
    th_buf_printf(out, "Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n", type);
    for (size_t at = 0; at < s.n; at += LINE_BASE64) {
        th_base64_put(out, s.p + at, s.n - at < LINE_BASE64 ? s.n - at : LINE_BASE64);
        th_buf_puts(out, "\r\n");
    }
}

void th_mime_write(struct th_buf *out, const struct th_mime *m)
{
    put_head(out, m);
    if (m->html.n == 0) {
        put_body(out, "text/plain", m->text);
        return;
    }
    th_buf_puts(out, "Content-Type: multipart/alternative;\r\n boundary=\"" BOUNDARY "\"\r\n\r\n");
    th_buf_puts(out, "--" BOUNDARY "\r\n");
    put_body(out, "text/plain", m->text);
    th_buf_puts(out, "--" BOUNDARY "\r\n");
    put_body(out, "text/html", m->html);
    th_buf_puts(out, "--" BOUNDARY "--\r\n");
}
