/* SPDX-License-Identifier: Apache-2.0 */
#include "http/head.c"

#include "../test.h"

struct row {
    const char *head;
    bool http11;
    const char *wrong; /* NULL: well formed */
};

static const struct row rows[] = {
    {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", true, NULL},
    {"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", true, NULL},
    {"GET / HTTP/1.1\nHost: a\n\nnext", true, NULL},
    {"GET / HTTP/1.0\r\n\r\n", false, NULL},
    {"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc", true, NULL},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", true, NULL},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nX: y\r\ncontent-LENGTH: 3\r\n\r\n", true,
        "more than one Content-Length"},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", true,
        "Content-Length together with Transfer-Encoding"},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n\r\n", true,
        "more than one Transfer-Encoding"},
    {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", false, "Transfer-Encoding in HTTP/1.0"},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", true, "folded header"},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n\tc\r\n\r\n", true, "folded header"},
    {"GET / HTTP/1.1\r\nHost: a\r\nHOST: b\r\n\r\n", true, "not exactly one Host"},
    {"GET / HTTP/1.1\r\nX: a\r\n\r\n", true, "not exactly one Host"},
    {"GET / HTTP/1.1\r\nContent-Lengths: 1\r\nContent-Length: 1\r\nHost: a\r\nHosts: b\r\n\r\n", true, NULL},
    /* What comes after the head is not looked at. */
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\n\r\nContent-Length: 1\r\nHost: b\r\n", true, NULL},
    {"", true, "incomplete head"},
    {"\r\n", true, "incomplete head"},
};

static void test_heads(void)
{
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        TH_ROW("%s", rows[i].head);
        const char *wrong = th_head_check(rows[i].head, strlen(rows[i].head), rows[i].http11);
        if (rows[i].wrong == NULL)
            TH_CHECK(wrong == NULL);
        else
            TH_EQ_STR(wrong, rows[i].wrong);
    }
}

int main(void)
{
    TH_RUN(test_heads);
    return TH_END();
}
