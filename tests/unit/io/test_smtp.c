/* SPDX-License-Identifier: Apache-2.0 */
#include "io/worker.c"
#include "io/smtp.c"

#include <netinet/in.h>

#include "../test.h"
#include "loop.h"

/* ---- a server of few words: it answers each line with the next of its answers ---- */

static uv_tcp_t listener, client;
static int port, connections, line_no;
static const char *const *answers; /* the greeting, then one per command; "." is none, the last one stays */
static struct th_buf heard;
static bool connected;

static void on_alloc(uv_handle_t *h, size_t n, uv_buf_t *b)
{
    static char room[65536];
    *b = uv_buf_init(room, sizeof room);
}

static void say(void)
{
    const char *text = answers[line_no];
    if (answers[line_no + 1] != NULL)
        line_no++;
    if (strcmp(text, ".") == 0)
        return;
    uv_buf_t b = uv_buf_init((char *)text, (unsigned)strlen(text));
    uv_try_write((uv_stream_t *)&client, &b, 1);
}

static void hang_up(void)
{
    if (connected)
        uv_close((uv_handle_t *)&client, NULL);
    connected = false;
}

static void on_line(uv_stream_t *s, ssize_t n, const uv_buf_t *b)
{
    if (n < 0) {
        hang_up();
        return;
    }
    th_buf_put(&heard, b->base, (size_t)n);
    bool body = line_no > 0 && strncmp(answers[line_no - 1], "354", 3) == 0;
    if (th_str_ends(th_buf_view(&heard), body ? TH_STR("\r\n.\r\n") : TH_STR("\r\n")))
        say();
}

static void on_connection(uv_stream_t *l, int status)
{
    hang_up();
    uv_tcp_init(l->loop, &client);
    uv_accept(l, (uv_stream_t *)&client);
    connected = true;
    connections++;
    line_no = 0;
    say();
    uv_read_start((uv_stream_t *)&client, on_alloc, on_line);
}

static void serve(uv_loop_t *loop, const char *const *lines)
{
    struct sockaddr_in a;
    int n = sizeof a;
    answers = lines;
    connections = 0;
    th_buf_reset(&heard);
    uv_ip4_addr("127.0.0.1", 0, &a);
    uv_tcp_init(loop, &listener);
    uv_tcp_bind(&listener, (struct sockaddr *)&a, 0);
    uv_listen((uv_stream_t *)&listener, 8, on_connection);
    uv_tcp_getsockname(&listener, (struct sockaddr *)&a, &n);
    port = ntohs(a.sin_port);
}

/* ---- ours ---- */

static struct th_worker *w;

static void open_mail(const char *const *lines)
{
    static char url[64];
    struct th_error err;
    w = loop_open();
    serve(&w->loop, lines);
    snprintf(url, sizeof url, "smtp://127.0.0.1:%d", port);
    loop_conf->mail_url = url;
    loop_conf->mail_from = "Things <things@example.com>";
    loop_conf->mail_tls = "off";
    TH_EQ_INT(th_smtp_start(w, &err), 0);
}

static void close_mail_(void)
{
    if (w->smtp != NULL)
        th_smtp_stop(w);
    hang_up();
    uv_close((uv_handle_t *)&listener, NULL);
    TH_CHECK(loop_close());
    th_buf_free(&heard);
}

struct got {
    int times, code;
    char why[300];
};

static void on_got(void *arg, int code, const char *why)
{
    struct got *g = arg;
    g->times++;
    g->code = code;
    snprintf(g->why, sizeof g->why, "%s", why);
}

static int send_one(const char *to, int attempts, struct got *g)
{
    const struct th_letter l = {.to = th_str(to),
        .subject = TH_STR("Hello"),
        .text = TH_STR("x"),
        .html = TH_STR(""),
        .attempts = attempts};
    *g = (struct got){0};
    return th_smtp_send(w, &l, on_got, g);
}

static const char *const polite[] = {"220 hello\r\n", "250 good\r\n", "250 good\r\n", "250 good\r\n",
    "354 go on\r\n", "250 taken\r\n", "221 bye\r\n", NULL};

static void test_a_letter_is_taken(void)
{
    struct got g;
    open_mail(polite);
    TH_EQ_INT(send_one("ann@example.com", 1, &g), 0);
    TH_EQ_INT(g.times, 0);
    LOOP_UNTIL(g.times > 0);
    TH_EQ_INT(g.code, 0);
    TH_EQ_STR(g.why, "");
    const char *text = th_buf_cstr(&heard);
    TH_CHECK(strstr(text, "MAIL FROM:<things@example.com>") != NULL);
    TH_CHECK(strstr(text, "RCPT TO:<ann@example.com>\r\n") != NULL);
    TH_CHECK(strstr(text, "\r\nSubject: Hello\r\n") != NULL && strstr(text, "\r\neA==\r\n.\r\n") != NULL);
    close_mail_();
}

static void test_what_the_server_says(void)
{
    static const struct {
        const char *name, *lines[8];
        int code;
    } rows[] = {
        {"refuses the greeting", {"554 no\r\n"}, -TH_EINVAL},
        {"is busy", {"421 later\r\n"}, -TH_EUNAVAIL},
        {"refuses the sender", {"220 x\r\n", "250 x\r\n", "550 no\r\n"}, -TH_EINVAL},
        {"has no room for the recipient", {"220 x\r\n", "250 x\r\n", "250 x\r\n", "450 later\r\n"},
            -TH_EUNAVAIL},
        {"refuses the recipient", {"220 x\r\n", "250 x\r\n", "250 x\r\n", "550 nobody\r\n"}, -TH_EINVAL},
        {"refuses the letter",
            {"220 x\r\n", "250 x\r\n", "250 x\r\n", "250 x\r\n", "354 x\r\n", "552 too large\r\n"},
            -TH_EINVAL},
    };
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        struct got g;
        TH_ROW("%s", rows[i].name);
        open_mail(rows[i].lines);
        TH_EQ_INT(send_one("ann@example.com", 1, &g), 0);
        LOOP_UNTIL(g.times > 0);
        TH_EQ_INT(g.code, rows[i].code);
        TH_CHECK(g.why[0] != 0);
        TH_EQ_INT(connections, 1);
        close_mail_();
    }
}

static void test_what_failed_for_now_is_tried_again(void)
{
    static const char *const busy[] = {"421 later\r\n", NULL};
    struct got g;
    open_mail(busy);
    TH_EQ_INT(send_one("ann@example.com", 2, &g), 0);
    LOOP_UNTIL(w->smtp->sending == NULL && connections == 1);
    TH_EQ_INT(g.times, 0);
    answers = polite;
    LOOP_UNTIL(g.times > 0);
    TH_EQ_INT(g.code, 0);
    TH_EQ_INT(connections, 2);
    close_mail_();
}

static void test_the_end_waits_for_no_further_attempt(void)
{
    static const char *const busy[] = {"421 later\r\n", NULL};
    struct got g;
    open_mail(busy);
    TH_EQ_INT(send_one("ann@example.com", 4, &g), 0);
    LOOP_UNTIL(w->smtp->sending == NULL && connections == 1);
    th_smtp_hurry(w);
    TH_EQ_INT(g.times, 1);
    TH_EQ_INT(g.code, -TH_EUNAVAIL);
    TH_CHECK(strstr(g.why, "421") != NULL);
    TH_EQ_INT(send_one("ann@example.com", 4, &g), 0); /* this one has its first */
    LOOP_UNTIL(g.times > 0);
    TH_EQ_INT(g.code, -TH_EUNAVAIL);
    TH_EQ_INT(connections, 2);
    close_mail_();
}

static void test_the_queue_has_an_end(void)
{
    static const char *const silent[] = {".", NULL};
    static struct got all[TH_SMTP_QUEUE];
    struct got g;
    open_mail(silent);
    for (int i = 0; i < TH_SMTP_QUEUE; i++)
        TH_EQ_INT(send_one("ann@example.com", 1, &all[i]), 0);
    TH_EQ_INT(send_one("ann@example.com", 1, &g), -TH_EBUSY);
    LOOP_UNTIL(connections >= 1);
    TH_EQ_INT(connections, 1);
    th_smtp_stop(w);
    for (int i = 0; i < TH_SMTP_QUEUE; i++) {
        TH_EQ_INT(all[i].times, 1);
        TH_EQ_INT(all[i].code, -TH_ECANCELED);
    }
    TH_EQ_INT(g.times, 0);
    TH_EQ_INT(send_one("ann@example.com", 1, &g), -TH_ENOTFOUND);
    close_mail_();
}

static void test_bytes_have_an_end(void)
{
    static char text[1 << 20];
    static const char *const silent[] = {".", NULL};
    const struct th_letter l = {.to = TH_STR("a@b.example"),
        .subject = TH_STR(""),
        .text = {text, sizeof text},
        .html = TH_STR(""),
        .attempts = 1};
    struct got g = {0};
    int taken = 0;
    open_mail(silent);
    while (th_smtp_send(w, &l, on_got, &g) == 0)
        taken++;
    TH_CHECK(taken >= 2 && taken <= 4);
    th_smtp_stop(w);
    TH_EQ_INT(g.times, taken);
    close_mail_();
}

static void test_addresses_that_are_none(void)
{
    struct got g;
    open_mail(polite);
    TH_EQ_INT(send_one("", 1, &g), -TH_EINVAL);
    TH_EQ_INT(send_one("a@b.example>\r\nRCPT TO:<c@d.example", 1, &g), -TH_EINVAL);
    TH_EQ_INT(send_one("a@b.example,c@d.example", 1, &g), -TH_EINVAL);
    TH_EQ_INT(connections, 0);
    close_mail_();
}

static void test_settings(void)
{
    static const struct {
        const char *url, *from, *user, *tls, *answer;
    } rows[] = {
        {"", "", "", "require", ""},
        {"smtp://mail.example:587", "a@b.example", "u", "require", ""},
        {"SMTPS://mail.example", "A <a@b.example>", "u", "off", ""},
        {"smtp://mail.example", "a@b.example", "", "off", ""},
        {"smtp://127.0.0.1:25", "a@b.example", "u", "off", ""},
        {"smtp://[::1]", "a@b.example", "u", "off", ""},
        {"http://mail.example", "a@b.example", "", "require", "mail.url begins with smtp:// or smtps://"},
        {"mail.example:25", "a@b.example", "", "require", "mail.url begins with smtp:// or smtps://"},
        {"smtp://u:p@mail.example", "a@b.example", "", "require",
            "mail.url holds no user: there are mail.user and mail.password"},
        {"smtp://mail.example", "", "", "require", "mail.from is ADDRESS or NAME <ADDRESS>"},
        {"smtp://mail.example", "a@b.example", "", "maybe", "mail.tls is require or off"},
        {"smtp://mail.example", "a@b.example", "u", "off",
            "mail.password would leave this machine unencrypted: set mail.tls = require"},
        {"smtp://localhost.evil.example", "a@b.example", "u", "off",
            "mail.password would leave this machine unencrypted: set mail.tls = require"},
    };
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        struct th_error err = {0};
        struct th_conf conf = {.mail_url = rows[i].url,
            .mail_from = rows[i].from,
            .mail_user = rows[i].user,
            .mail_tls = rows[i].tls};
        TH_ROW("%s %s %s", rows[i].url, rows[i].user, rows[i].tls);
        TH_EQ_INT(th_smtp_check(&conf, &err), rows[i].answer[0] == 0 ? 0 : -TH_EINVAL);
        TH_EQ_STR(err.msg, rows[i].answer);
    }
}

int main(void)
{
    TH_RUN(test_a_letter_is_taken);
    TH_RUN(test_what_the_server_says);
    TH_RUN(test_what_failed_for_now_is_tried_again);
    TH_RUN(test_the_end_waits_for_no_further_attempt);
    TH_RUN(test_the_queue_has_an_end);
    TH_RUN(test_bytes_have_an_end);
    TH_RUN(test_addresses_that_are_none);
    TH_RUN(test_settings);
    return TH_END();
}
