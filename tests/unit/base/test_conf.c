/* SPDX-License-Identifier: Apache-2.0 */
#include "base/conf.c"

#include <unistd.h>

#include "../test.h"

static struct th_conf *conf;
static struct th_error err;

static int read_text(const char *text)
{
    if (conf == NULL)
        TH_EQ_INT(th_conf_load(&conf, NULL, &err), 0);
    return th_conf_read(conf, th_str(text), "x.conf", &err);
}

static void done(void)
{
    th_conf_free(conf);
    conf = NULL;
}

static void test_defaults(void)
{
    TH_EQ_INT(read_text(""), 0);
    TH_EQ_STR(conf->home, "");
    TH_EQ_STR(conf->http_listen, "127.0.0.1:8080");
    TH_EQ_STR(conf->hook_listen, "127.0.0.1:8081");
    TH_EQ_INT(conf->hook_timeout, 7000);
    TH_EQ_INT(conf->auth_session, 86400000);
    done();
}

static void test_lines(void)
{
    TH_EQ_INT(
        read_text("# comment\r\n\n  http.listen=127.0.0.1:99 \r\n\thome = \" a b # c \"\nlog.level = \"\"\n"
                  "database.url = host=/run user=x\nlog.format = \"json"),
        0);
    TH_EQ_STR(conf->http_listen, "127.0.0.1:99");
    TH_EQ_STR(conf->home, " a b # c ");
    TH_EQ_STR(conf->log_level, "");
    TH_EQ_STR(conf->database_url, "host=/run user=x");
    TH_EQ_STR(conf->log_format, "\"json");
    TH_EQ_INT(read_text("http.listen = first\nhttp.listen = second"), 0);
    TH_EQ_STR(conf->http_listen, "second");
    done();
}

static void test_units(void)
{
    static const struct {
        const char *line;
        int64_t value;
    } bytes[] = {{"65536", 65536}, {"64KiB", 65536}, {"2 MiB", 2097152}, {"1GiB", 1073741824}},
      times[] = {{"5000", 5000}, {"500ms", 500}, {"8s", 8000}, {"5m", 300000}, {"0s", 0}, {"1d", 86400000}};
    char line[80];
    for (size_t i = 0; i < TH_COUNT(bytes); i++) {
        snprintf(line, sizeof line, "http.max_body = %s", bytes[i].line);
        TH_ROW("%s", line);
        TH_EQ_INT(read_text(line), 0);
        TH_EQ_INT(conf->http_max_body, bytes[i].value);
    }
    for (size_t i = 0; i < TH_COUNT(times); i++) {
        snprintf(line, sizeof line, "ingest.clock_ahead = %s", times[i].line);
        TH_ROW("%s", line);
        TH_EQ_INT(read_text(line), 0);
        TH_EQ_INT(conf->ingest_clock_ahead, times[i].value);
    }
    done();
}

static void test_errors_say_where_and_what(void)
{
    static const struct {
        const char *text, *msg;
    } rows[] = {
        {"\n\nhttp.lisen = x", "x.conf:3: unknown key \"http.lisen\"; did you mean \"http.listen\"?"},
        {"worker = 2", "x.conf:1: unknown key \"worker\"; did you mean \"workers\"?"},
        {"HTTP.LISTEN = x", "x.conf:1: unknown key \"HTTP.LISTEN\"; did you mean"},
        {"= x", "x.conf:1: unknown key \"\"; did you mean"},
        {"just text", "x.conf:1: not `key = value`"},
        {"workers = 257", "x.conf:1: workers must be between 0 and 256"},
        {"workers = -1", "x.conf:1: workers must be between 0 and 256"},
        {"workers =", "x.conf:1: workers is a number, not \"\""},
        {"workers = two", "x.conf:1: workers is a number, not \"two\""},
        {"workers = 2s", "x.conf:1: workers is a number, not \"2s\""},
        {"workers = 1.5", "x.conf:1: workers is a number, not \"1.5\""},
        {"hook.timeout = 8KiB",
            "x.conf:1: hook.timeout is a number of milliseconds, or with ms, s, m, h or d, not"},
        {"hook.timeout = 99999999999999999999s", "x.conf:1: hook.timeout is a number of milliseconds"},
        {"hook.timeout = 106751991168d", "x.conf:1: hook.timeout is a number of milliseconds"},
        {"hook.timeout = 99ms", "x.conf:1: hook.timeout must be between 100 and 60000"},
        {"http.max_body = 1kb",
            "x.conf:1: http.max_body is a number of bytes, or with KiB, MiB or GiB, not \"1kb\""},
        {"http.max_body = s", "x.conf:1: http.max_body is a number of bytes"},
    };
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        TH_ROW("%s", rows[i].text);
        TH_EQ_INT(read_text(rows[i].text), -TH_EINVAL);
        TH_CHECK(th_str_starts(th_str(err.msg), th_str(rows[i].msg)));
    }
    TH_ROW("NUL");
    TH_EQ_INT(th_conf_read(conf, (struct th_str){"home = a\0b", 10}, "x.conf", &err), -TH_EINVAL);
    TH_EQ_STR(err.msg, "x.conf:1: the value holds a NUL");
    char *longest = th_alloc(1000001);
    memset(longest, 'k', 1000000);
    memcpy(longest + 999996, " = v", 5);
    TH_ROW("a long name");
    TH_EQ_INT(read_text(longest), -TH_EINVAL);
    TH_CHECK(strlen(err.msg) < 300);
    th_free(longest);
    done();
}

static void test_a_secret_is_never_shown(void)
{
    struct th_buf b = {0};
    TH_EQ_INT(
        read_text("hook.tokens = 1:plain:topsecrettopsecret\ndatabase.url = postgresql://u:topsecret@h/d"),
        0);
    th_conf_show(conf, &b);
    TH_CHECK(strstr(th_buf_cstr(&b), "topsecret") == NULL);
    TH_CHECK(strstr(b.p, "hook.tokens = ********\n") != NULL);
    TH_CHECK(strstr(b.p, "broker.api_token = \n") != NULL); /* not set: seen as such */
    TH_CHECK(strstr(b.p, "hook.timeout = 7s\n") != NULL && strstr(b.p, "http.max_body = 8MiB\n") != NULL);
    th_buf_free(&b);
    done();
}

static void test_file_then_environment(void)
{
    char path[] = "/tmp/th-conf-XXXXXX";
    int fd = mkstemp(path);
    TH_CHECK(fd >= 0 && write(fd, "workers = 3\nhttp.listen = a:1\n", 30) == 30);
    close(fd);
    setenv("THINGD_HTTP_LISTEN", " b:2 ", 1);
    setenv("THINGD_HTTP_MAX_BODY", "64KiB", 1);
    TH_EQ_INT(th_conf_load(&conf, path, &err), 0);
    TH_EQ_INT(conf->workers, 3);
    TH_EQ_STR(conf->http_listen, "b:2");
    TH_EQ_INT(conf->http_max_body, 65536);
    done();
    setenv("THINGD_HTTP_MAX_BODY", "huge", 1);
    TH_EQ_INT(th_conf_load(&conf, path, &err), -TH_EINVAL);
    TH_CHECK(th_str_starts(th_str(err.msg), TH_STR("THINGD_HTTP_MAX_BODY: http.max_body is a number")));
    unsetenv("THINGD_HTTP_LISTEN");
    unsetenv("THINGD_HTTP_MAX_BODY");
    TH_EQ_INT(unlink(path), 0);
    TH_EQ_INT(th_conf_load(&conf, path, &err), -TH_EIO);
    TH_CHECK(strstr(err.msg, path) != NULL);
    TH_EQ_INT(th_conf_load(&conf, "/", &err), -TH_EIO);
}

/* What the sample says is the default is read back as just that. */
static void test_sample_holds_every_default(void)
{
    struct th_buf sample = {0}, plain = {0}, before = {0}, after = {0};
    TH_EQ_INT(read_text(""), 0);
    th_conf_show(conf, &before);
    th_conf_sample(&sample);
    struct th_str rest = th_buf_view(&sample), line;
    while (th_str_split(&rest, '\n', &line)) {
        bool setting = th_str_starts(line, TH_STR("#")) && !th_str_starts(line, TH_STR("# "));
        th_buf_str(&plain, setting ? (struct th_str){line.p + 1, line.n - 1} : line);
        th_buf_putc(&plain, '\n');
    }
    conf->workers = 99;
    conf->hook_timeout = 99;
    conf->http_listen = "changed";
    TH_EQ_INT(read_text(th_buf_cstr(&plain)), 0);
    th_conf_show(conf, &after);
    TH_EQ_STR(th_buf_cstr(&after), th_buf_cstr(&before));
    for (size_t i = 0; i < KEYS; i++) {
        char want[100];
        snprintf(want, sizeof want, "\n#%s =", keys[i].name);
        TH_ROW("%s", keys[i].name);
        TH_CHECK(strstr(sample.p, want) != NULL);
    }
    th_buf_free(&sample);
    th_buf_free(&plain);
    th_buf_free(&before);
    th_buf_free(&after);
    done();
}

/* Each key is well formed, its own, and its default within its bounds. */
static void test_table(void)
{
    for (size_t i = 0; i < KEYS; i++) {
        const struct key *k = &keys[i];
        TH_ROW("%s", k->name);
        TH_CHECK(strspn(k->name, "abcdefghijklmnopqrstuvwxyz0123456789._") == strlen(k->name));
        TH_CHECK(find(th_str(k->name)) == k);
        TH_CHECK(strlen(k->help) > 10 && strchr(k->help, '\n') == NULL);
        TH_CHECK(k->type != NUMBER || (k->min <= k->def && k->def <= k->max));
    }
}

int main(void)
{
    TH_RUN(test_defaults);
    TH_RUN(test_lines);
    TH_RUN(test_units);
    TH_RUN(test_errors_say_where_and_what);
    TH_RUN(test_a_secret_is_never_shown);
    TH_RUN(test_file_then_environment);
    TH_RUN(test_sample_holds_every_default);
    TH_RUN(test_table);
    return TH_END();
}
