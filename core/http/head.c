/* SPDX-License-Identifier: Apache-2.0
 *
 * h2o 2.2.5 takes the first of two Content-Length headers, prefers Transfer-Encoding where both stand, and
 * hides all of them from handlers. A proxy in front may choose otherwise, and the two would then disagree
 * about where the next request begins. So the bytes of the head are looked at once more. */
#include "http/head.h"

#include <string.h>
#include <strings.h>
#include "base/str.h"

struct head {
    int lengths, encodings, hosts;
};

static bool name_is(const char *line, size_t n, struct th_str name)
{
    return n > name.n && line[name.n] == ':' && strncasecmp(line, name.p, name.n) == 0;
}

static void count_line(struct head *h, const char *line, size_t n)
{
    switch (line[0] | 0x20) {
    case 'c':
        h->lengths += name_is(line, n, TH_STR("content-length"));
        break;
    case 't':
        h->encodings += name_is(line, n, TH_STR("transfer-encoding"));
        break;
    case 'h':
        h->hosts += name_is(line, n, TH_STR("host"));
        break;
    }
}

/* Cuts one line off, without its end; false when there is none. */
static bool next_line(const char **p, const char *end, const char **line, size_t *n)
{
    const char *nl = memchr(*p, '\n', (size_t)(end - *p));
    if (nl == NULL)
        return false;
    *line = *p;
    *n = (size_t)(nl - *p);
    if (*n > 0 && nl[-1] == '\r')
        --*n;
    *p = nl + 1;
    return true;
}

const char *th_head_check(const char *p, size_t n, bool http11)
{
    const char *end = p + n, *line;
    size_t len;
    struct head h = {0};
    /* The parser lets one empty line stand before the request line. */
    if (!next_line(&p, end, &line, &len) || (len == 0 && !next_line(&p, end, &line, &len)))
        return "incomplete head";
    while (next_line(&p, end, &line, &len) && len > 0) {
        if (line[0] == ' ' || line[0] == '\t')
            return "folded header";
        count_line(&h, line, len);
    }
    if (h.lengths > 1)
        return "more than one Content-Length";
    if (h.encodings > 1)
        return "more than one Transfer-Encoding";
    if (h.encodings > 0 && h.lengths > 0)
        return "Content-Length together with Transfer-Encoding";
    if (h.encodings > 0 && !http11)
        return "Transfer-Encoding in HTTP/1.0";
    if (h.hosts > 1 || (http11 && h.hosts == 0))
        return "not exactly one Host";
    return NULL;
}
