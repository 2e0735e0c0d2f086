/* SPDX-License-Identifier: Apache-2.0 */
#include "io/mime.c"

#include "../test.h"

static const char *write_mime(struct th_mime m)
{
    static struct th_buf out;
    th_buf_reset(&out);
    if (m.from.p == NULL)
        m.from = TH_STR("things@example.com");
    if (m.to.p == NULL)
        m.to = TH_STR("ann@example.com");
    if (m.id.p == NULL)
        m.id = TH_STR("1.2");
    if (m.text.p == NULL)
        m.text = TH_STR("hello");
    m.time_ms = 1700000000123;
    th_mime_write(&out, &m);
    return th_buf_cstr(&out);
}

/* A header with its folded lines, without its name. */
static const char *header(const char *letter, const char *name)
{
    static char out[2000];
    char start[40];
    snprintf(start, sizeof start, "\r\n%s: ", name);
    const char *at = strstr(letter, start);
    size_t n = 0;
    if (at == NULL)
        return "none";
    for (at += strlen(start); *at != 0 && !(at[0] == '\r' && at[2] != ' '); at++)
        out[n++] = *at;
    out[n] = 0;
    return out;
}

static void test_a_plain_letter(void)
{
    TH_EQ_STR(write_mime((struct th_mime){.subject = TH_STR("Hello"), .text = TH_STR("What's up?")}),
        "From: <things@example.com>\r\n"
        "To: <ann@example.com>\r\n"
        "Subject: Hello\r\n"
        "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"
        "Message-ID: <1.2@example.com>\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        "\r\n"
        "V2hhdCdzIHVwPw==\r\n");
}

static void test_two_forms(void)
{
    const char *letter =
        write_mime((struct th_mime){.subject = TH_STR("x"), .text = TH_STR("a"), .html = TH_STR("<b>")});
    TH_CHECK(strstr(letter, "Content-Type: multipart/alternative;\r\n boundary=\"=_thingd\"\r\n\r\n"
                            "--=_thingd\r\nContent-Type: text/plain; charset=utf-8\r\n"
                            "Content-Transfer-Encoding: base64\r\n\r\nYQ==\r\n"
                            "--=_thingd\r\nContent-Type: text/html; charset=utf-8\r\n"
                            "Content-Transfer-Encoding: base64\r\n\r\nPGI+\r\n--=_thingd--\r\n") != NULL);
}

static void test_subjects(void)
{
    static const struct {
        const char *subject, *written;
    } rows[] = {
        {"Reset your password", "Reset your password"},
        {"", ""},
        {"Alarm: 23.5 > 20 (\"hall\")", "Alarm: 23.5 > 20 (\"hall\")"},
        {"Überhitzung", "=?UTF-8?B?w5xiZXJoaXR6dW5n?="},
        {"a\r\nBcc: evil@example.com", "=?UTF-8?B?YQ0KQmNjOiBldmlsQGV4YW1wbGUuY29t?="},
        {"a\nb", "=?UTF-8?B?YQpi?="},
        {"=?UTF-8?B?YQ==?=", "=?UTF-8?B?PT9VVEYtOD9CP1lRPT0/PQ==?="},
        {"\xff\xfe", "=?UTF-8?B?//4=?="},
        {"密码密码密码密码密码密码密码密码密码密码",
            "=?UTF-8?B?5a+G56CB5a+G56CB5a+G56CB5a+G56CB5a+G56CB5a+G56CB5a+G56CB?=\r\n"
            " =?UTF-8?B?5a+G56CB5a+G56CB5a+G56CB?="},
    };
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        TH_ROW("%s", rows[i].subject);
        TH_EQ_STR(header(write_mime((struct th_mime){.subject = th_str(rows[i].subject)}), "Subject"),
            rows[i].written);
    }
}

static void test_senders(void)
{
    static const struct {
        const char *from, *written;
    } rows[] = {
        {"a@b.example", "<a@b.example>"},
        {"Things <a@b.example>", "\"Things\"\r\n <a@b.example>"},
        {" Acme, Inc. <a@b.example> ", "\"Acme, Inc.\"\r\n <a@b.example>"},
        {"\"Acme\" <a@b.example>", "=?UTF-8?B?IkFjbWUi?=\r\n <a@b.example>"},
        {"物联网 <a@b.example>", "=?UTF-8?B?54mp6IGU572R?=\r\n <a@b.example>"},
    };
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        char line[300];
        TH_ROW("%s", rows[i].from);
        snprintf(line, sizeof line, "\r\n%s", write_mime((struct th_mime){.from = th_str(rows[i].from)}));
        TH_EQ_STR(header(line, "From"), rows[i].written);
    }
}

static void test_lines_are_short_and_end_well(void)
{
    static char text[100000];
    for (size_t i = 0; i + 1 < sizeof text; i++)
        text[i] = (char)(i % 256);
    const char *letter = write_mime((struct th_mime){
        .from = TH_STR("A very long name of a house that sends much mail to people everywhere <a@b.example>"),
        .subject = {text, 3000},
        .text = {text, sizeof text - 1},
        .html = {text, 5000}});
    for (const char *line = letter; *line != 0;) {
        size_t n = strcspn(line, "\r\n");
        if (!TH_CHECK(n <= 78 && line[n] == '\r' && line[n + 1] == '\n'))
            break;
        line += n + 2;
    }
}

static void test_addresses(void)
{
    static const char *const good[] = {"a@b", "ann.lee+things@mail.example.com", "o'neil_x=y@x-1.example"};
    for (size_t i = 0; i < TH_COUNT(good); i++) {
        TH_ROW("%s", good[i]);
        TH_CHECK(th_mime_is_address(th_str(good[i])));
    }
    static const char *const bad[] = {"", "@", "a", "a@", "@b", "a@b@c", "a b@c", "a@b c",
        "a@b\r\nRCPT TO:<x@y>", "a\n@b", "<a@b>", "a@b>", "a<b@c", "\"a\"@b", "a@b;c@d", "a@b,c@d", ".a@b",
        "a.@b", "a..b@c", "a@.b", "a@b.", "a@b..c", "a@-b", "-a@b", "ä@b", "a@bücher.example",
        "a@[127.0.0.1]", "a@b_c", "a@b\\c", "a(x)@b",
        "a123456789012345678901234567890123456789012345678901234567890123456@b"};
    for (size_t i = 0; i < TH_COUNT(bad); i++) {
        TH_ROW("%s", bad[i]);
        TH_CHECK(!th_mime_is_address(th_str(bad[i])));
    }
    TH_CHECK(!th_mime_is_address((struct th_str){"a\0@b", 4}));
}

static void test_mailboxes(void)
{
    struct th_str name, address;
    static const char *const bad[] = {
        "", "a", "<>", "a <>", "a <b", "a b@c", "a@b <c@d", "a@b>", "a <b@c> d", "\xff <a@b>", "x <a@b\r\n>"};
    for (size_t i = 0; i < TH_COUNT(bad); i++) {
        TH_ROW("%s", bad[i]);
        TH_CHECK(!th_mime_mailbox(th_str(bad[i]), &name, &address));
    }
    TH_CHECK(th_mime_mailbox(TH_STR("Ann Lee <ann@example.com>"), &name, &address));
    TH_EQ_SLICE(name, "Ann Lee");
    TH_EQ_SLICE(address, "ann@example.com");
}

int main(void)
{
    TH_RUN(test_a_plain_letter);
    TH_RUN(test_two_forms);
    TH_RUN(test_subjects);
    TH_RUN(test_senders);
    TH_RUN(test_lines_are_short_and_end_well);
    TH_RUN(test_addresses);
    TH_RUN(test_mailboxes);
    return TH_END();
}
