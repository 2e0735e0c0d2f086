/* SPDX-License-Identifier: Apache-2.0 */
#include "io/smtp.h"

#include <curl/curl.h>
#include <stdio.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/hex.h"
#include "base/list.h"
#include "io/mime.h"

#define TIMEOUT_MS 15000L
#define ANSWER_S 15L /* also for the last words when the connection ends */
#define FIRST_PAUSE_MS 2000

/* A letter waits, or is the one that is sent: then its thread owns it until it has been joined. */
struct letter {
    struct th_list link; /* in smtp->waiting, the oldest first; some only after `due` */
    struct th_smtp *smtp;
    th_smtp_cb cb;
    void *arg;
    char to[256];
    struct th_buf wire;
    size_t read; /* of wire, by this attempt */
    int tries, attempts;
    uint64_t due; /* in uv_now() milliseconds */
    int code;     /* of the last attempt, and why */
    char why[CURL_ERROR_SIZE + 40];
};

struct th_smtp {
    struct th_worker *w;
    struct th_list waiting;
    struct letter *sending;
    uv_thread_t thread;
    uv_async_t done; /* the thread has ended, or is about to */
    atomic_bool cut; /* the thread is to give up */
    unsigned count;
    size_t bytes;
    char from[300];
    uint64_t serial;
    uv_timer_t timer; /* the next letter that is due */
    bool hurry;
    int open_n; /* handles to be closed before the memory goes */
};

/* ---- settings ---- */

static bool is_smtps(const char *url)
{
    return strncasecmp(url, "smtps://", 8) == 0;
}

static bool is_here(const char *url)
{
    struct th_str host = th_str(strstr(url, "://") + 3);
    static const char *const own[] = {"127.0.0.1", "localhost", "[::1]"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        size_t n = strlen(own[i]);
        if (th_str_starts(host, th_str(own[i])) && (host.n == n || host.p[n] == ':' || host.p[n] == '/'))
            return true;
    }
    return false;
}

int th_smtp_check(const struct th_conf *conf, struct th_error *err)
{
    struct th_str name, address;
    const char *url = conf->mail_url;
    if (*url == 0)
        return 0;
    if (strncasecmp(url, "smtp://", 7) != 0 && !is_smtps(url))
        return th_fail(err, TH_EINVAL, "mail.url begins with smtp:// or smtps://");
    if (strchr(url, '@') != NULL)
        return th_fail(err, TH_EINVAL, "mail.url holds no user: there are mail.user and mail.password");
    if (!th_mime_mailbox(th_str(conf->mail_from), &name, &address))
        return th_fail(err, TH_EINVAL, "mail.from is ADDRESS or NAME <ADDRESS>");
    bool require = strcmp(conf->mail_tls, "require") == 0;
    if (!require && strcmp(conf->mail_tls, "off") != 0)
        return th_fail(err, TH_EINVAL, "mail.tls is require or off");
    if (!require && !is_smtps(url) && conf->mail_user[0] != 0 && !is_here(url))
        return th_fail(
            err, TH_EINVAL, "mail.password would leave this machine unencrypted: set mail.tls = require");
    return 0;
}

/* ---- one attempt, on its thread ---- */

static size_t on_read(char *out, size_t size, size_t n, void *arg)
{
    struct letter *l = arg;
    size_t left = l->wire.n - l->read, take = left < size * n ? left : size * n;
    memcpy(out, l->wire.p + l->read, take);
    l->read += take;
    return take;
}

static curl_socket_t on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
    return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static int on_progress(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    return atomic_load((atomic_bool *)arg);
}

static void set_server(CURL *e, const struct th_conf *conf)
{
    bool require = strcmp(conf->mail_tls, "require") == 0;
    curl_easy_setopt(e, CURLOPT_URL, conf->mail_url);
    curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(e, CURLOPT_PROXY, "");
    curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(e, CURLOPT_USE_SSL, (long)(require ? CURLUSESSL_ALL : CURLUSESSL_NONE));
    curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (conf->mail_ca[0] != 0)
        curl_easy_setopt(e, CURLOPT_CAINFO, conf->mail_ca);
    if (conf->mail_user[0] != 0) {
        curl_easy_setopt(e, CURLOPT_USERNAME, conf->mail_user);
        curl_easy_setopt(e, CURLOPT_PASSWORD, conf->mail_password);
    }
    curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, TIMEOUT_MS);
    curl_easy_setopt(e, CURLOPT_SERVER_RESPONSE_TIMEOUT, ANSWER_S);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_open);
}

static int code_of(CURLcode code, long status)
{
    if (code == CURLE_OK)
        return 0;
    if (code == CURLE_LOGIN_DENIED)
        return -TH_EAUTH;
    if (code == CURLE_OPERATION_TIMEDOUT)
        return -TH_ETIMEOUT;
    return status >= 500 && status < 600 ? -TH_EINVAL : -TH_EUNAVAIL;
}

static void attempt(struct letter *l)
{
    char error[CURL_ERROR_SIZE] = "";
    long status = 0;
    CURL *e = curl_easy_init();
    struct curl_slist *recipients = curl_slist_append(NULL, l->to);
    set_server(e, l->smtp->w->rt->conf);
    curl_easy_setopt(e, CURLOPT_MAIL_FROM, l->smtp->from);
    curl_easy_setopt(e, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(e, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(e, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(e, CURLOPT_READDATA, l);
    curl_easy_setopt(e, CURLOPT_ERRORBUFFER, error);
    curl_easy_setopt(e, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(e, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(e, CURLOPT_XFERINFODATA, &l->smtp->cut);
    CURLcode result = curl_easy_perform(e);
    curl_easy_getinfo(e, CURLINFO_RESPONSE_CODE, &status);
    l->code = code_of(result, status);
    l->why[0] = 0;
    if (l->code != 0)
        snprintf(l->why, sizeof l->why, "%s (status %ld)", error[0] != 0 ? error : curl_easy_strerror(result),
            status);
    curl_easy_cleanup(e);
    curl_slist_free_all(recipients);
}

static void on_thread(void *arg)
{
    struct letter *l = arg;
    attempt(l);
    uv_async_send(&l->smtp->done);
}

int th_smtp_probe(const struct th_conf *conf, struct th_error *err)
{
    char why[CURL_ERROR_SIZE] = "";
    CURL *e = curl_easy_init();
    set_server(e, conf);
    curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, "NOOP");
    curl_easy_setopt(e, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(e, CURLOPT_ERRORBUFFER, why);
    CURLcode result = curl_easy_perform(e);
    curl_easy_cleanup(e);
    if (result == CURLE_OK)
        return 0;
    return th_fail(err, TH_EUNAVAIL, "%s", why[0] != 0 ? why : curl_easy_strerror(result));
}

/* ---- the queue ---- */

static void on_due(uv_timer_t *timer);

/* In no list any more. */
static void finish(struct letter *l, int code, const char *why)
{
    struct th_smtp *s = l->smtp;
    s->count--;
    s->bytes -= l->wire.n;
    l->cb(l->arg, code, why);
    th_buf_free(&l->wire);
    th_free(l);
}

static void begin(struct letter *l)
{
    struct th_smtp *s = l->smtp;
    th_list_remove(&l->link);
    l->tries++;
    l->read = 0;
    s->sending = l;
    if (uv_thread_create(&s->thread, on_thread, l) == 0)
        return;
    s->sending = NULL;
    finish(l, -TH_EUNAVAIL, "no thread can be started");
}

/* Sends what is due, and waits for the next. */
static void go_on(struct th_smtp *s)
{
    uint64_t now = uv_now(&s->w->loop), next = UINT64_MAX;
    TH_LIST_EACH (it, tmp, &s->waiting) {
        struct letter *l = th_list_item(it, struct letter, link);
        if (l->due > now)
            next = l->due < next ? l->due : next;
        else if (s->sending == NULL)
            begin(l);
    }
    if (next != UINT64_MAX)
        uv_timer_start(&s->timer, on_due, next - now, 0);
}

static void on_due(uv_timer_t *timer)
{
    go_on(timer->data);
}

static void on_done(uv_async_t *done)
{
    struct th_smtp *s = done->data;
    struct letter *l = s->sending;
    uv_thread_join(&s->thread);
    s->sending = NULL;
    uv_update_time(&s->w->loop);
    bool again = (l->code == -TH_EUNAVAIL || l->code == -TH_ETIMEOUT) && l->tries < l->attempts && !s->hurry;
    if (again) {
        l->due = uv_now(&s->w->loop) + ((uint64_t)FIRST_PAUSE_MS << 2 * (l->tries - 1));
        th_list_push(&s->waiting, &l->link);
    } else {
        finish(l, l->code, l->why);
    }
    go_on(s);
}

static struct th_str make_id(struct th_smtp *s, char *id, size_t room)
{
    unsigned char chance[8];
    char hex[17];
    uv_random(NULL, NULL, chance, sizeof chance, 0, NULL);
    th_hex_encode(hex, chance, sizeof chance);
    int n = snprintf(
        id, room, "%llx.%llx.%s", (unsigned long long)th_clock_ms(), (unsigned long long)++s->serial, hex);
    return (struct th_str){id, (size_t)n};
}

static void write_wire(struct th_smtp *s, struct letter *l, const struct th_letter *given)
{
    char id[64];
    const struct th_mime mime = {
        .from = th_str(s->w->rt->conf->mail_from),
        .to = given->to,
        .id = given->id.n > 0 ? given->id : make_id(s, id, sizeof id),
        .time_ms = th_clock_ms(),
        .subject = given->subject,
        .text = given->text,
        .html = given->html,
    };
    th_mime_write(&l->wire, &mime);
}

int th_smtp_send(struct th_worker *w, const struct th_letter *given, th_smtp_cb cb, void *arg)
{
    struct th_smtp *s = w->smtp;
    size_t size = given->text.n + given->html.n + given->subject.n;
    if (s == NULL)
        return -TH_ENOTFOUND;
    if (!th_mime_is_address(given->to))
        return -TH_EINVAL;
    if (s->count >= TH_SMTP_QUEUE || s->bytes + size > TH_SMTP_BYTES)
        return -TH_EBUSY;
    struct letter *l = th_calloc(1, sizeof *l);
    *l = (struct letter){.smtp = s, .cb = cb, .arg = arg, .attempts = given->attempts};
    snprintf(l->to, sizeof l->to, "%.*s", TH_STR_FMT(given->to));
    write_wire(s, l, given);
    th_list_push(&s->waiting, &l->link);
    s->count++;
    s->bytes += l->wire.n;
    uv_timer_start(&s->timer, on_due, 0, 0); /* not inside this call */
    return 0;
}

/* ---- life ---- */

int th_smtp_start(struct th_worker *w, struct th_error *err)
{
    const struct th_conf *conf = w->rt->conf;
    struct th_str name, address;
    int rc = th_smtp_check(conf, err);
    if (rc != 0 || conf->mail_url[0] == 0)
        return rc;
    struct th_smtp *s = th_calloc(1, sizeof *s);
    s->w = w;
    th_list_init(&s->waiting);
    th_mime_mailbox(th_str(conf->mail_from), &name, &address);
    snprintf(s->from, sizeof s->from, "%.*s", TH_STR_FMT(address));
    uv_timer_init(&w->loop, &s->timer);
    s->timer.data = s;
    uv_async_init(&w->loop, &s->done, on_done);
    s->done.data = s;
    s->open_n = 2;
    w->smtp = s;
    return 0;
}

/* Those that were tried before; the others get their one chance. */
void th_smtp_hurry(struct th_worker *w)
{
    struct th_smtp *s = w->smtp;
    if (s == NULL)
        return;
    s->hurry = true;
    TH_LIST_EACH (it, tmp, &s->waiting) {
        struct letter *l = th_list_item(it, struct letter, link);
        if (l->tries == 0)
            continue;
        th_list_remove(&l->link);
        finish(l, l->code, l->why);
    }
}

static void on_closed(uv_handle_t *handle)
{
    struct th_smtp *s = handle->data;
    if (--s->open_n == 0)
        th_free(s);
}

void th_smtp_stop(struct th_worker *w)
{
    struct th_smtp *s = w->smtp;
    if (s == NULL)
        return;
    w->smtp = NULL;
    atomic_store(&s->cut, true);
    if (s->sending != NULL) {
        uv_thread_join(&s->thread);
        finish(s->sending, -TH_ECANCELED, "stopping");
    }
    TH_LIST_EACH (it, tmp, &s->waiting) {
        struct letter *l = th_list_item(it, struct letter, link);
        th_list_remove(&l->link);
        finish(l, -TH_ECANCELED, "stopping");
    }
    uv_close((uv_handle_t *)&s->timer, on_closed);
    uv_close((uv_handle_t *)&s->done, on_closed);
}
