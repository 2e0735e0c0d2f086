/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.c"

#include <errno.h>
#include <fcntl.h>

#include "../test.h"

static int saved, reading;

/* Standard error goes into a pipe until released. */
static void capture(void)
{
    int ends[2];
    fflush(stderr);
    TH_EQ_INT(pipe2(ends, O_CLOEXEC), 0);
    saved = dup(STDERR_FILENO);
    reading = ends[0];
    TH_CHECK(fcntl(reading, F_SETFL, O_NONBLOCK) == 0 && dup2(ends[1], STDERR_FILENO) >= 0);
    close(ends[1]);
}

/* What was written since, each line without its time. */
static const char *release(void)
{
    static char out[65536];
    static char raw[65536];
    dup2(saved, STDERR_FILENO);
    close(saved);
    ssize_t n = read(reading, raw, sizeof raw - 1);
    close(reading);
    raw[n > 0 ? n : 0] = 0;
    char *o = out;
    for (char *p = raw; *p != 0; p++) {
        if (strncmp(p, "time=", 5) == 0 && (p == raw || p[-1] == '\n'))
            p += strlen("time=2026-11-24T21:28:57.032Z ");
        else if (strncmp(p, "{\"time\":\"", 9) == 0)
            p += strlen("{\"time\":\"2026-11-24T21:28:57.032Z\",");
        *o++ = *p;
    }
    *o = 0;
    return out;
}

static void test_text(void)
{
    th_log_init(TH_LOG_INFO, false);
    th_log_set_worker(-1);
    capture();
    th_debug("unseen", "a=%d", 1);
    th_info("plain", "%s", "");
    th_info("one", "device=%s rows=%d", "dev1", 3);
    th_log_set_worker(2);
    th_log_set_request("0a1b");
    th_warn("two", "error=\"%s\"", "it \"broke\"\nbadly");
    th_log_set_worker(-1);
    th_log_set_request(NULL);
    th_erro("three", "code=%d", 5);
    TH_EQ_STR(release(), "level=info event=plain\n"
                         "level=info event=one device=dev1 rows=3\n"
                         "level=warn event=two worker=2 request=0a1b error=\"it \\\"broke\\\"\\nbadly\"\n"
                         "level=error event=three code=5\n");
}

static void test_json(void)
{
    th_log_init(TH_LOG_DEBUG, true);
    th_log_set_worker(0);
    th_log_set_request("r1");
    capture();
    th_debug("one", "device=%s error=\"%s\"", "dev1", "it \"broke\"\n");
    th_log_set_worker(-1);
    th_log_set_request(NULL);
    th_info("two", "%s", "");
    TH_EQ_STR(release(),
        "\"level\":\"debug\",\"event\":\"one\",\"worker\":0,\"request\":\"r1\",\"device\":\"dev1\","
        "\"error\":\"it \\\"broke\\\"\\n\"}\n"
        "\"level\":\"info\",\"event\":\"two\"}\n");
    th_log_init(TH_LOG_INFO, false);
}

/* The id may have come in a header. */
static void test_a_request_id_is_one_word(void)
{
    char long_id[200];
    memset(long_id, 'i', sizeof long_id);
    long_id[199] = 0;
    capture();
    th_log_set_request("a b\nevent=x\"");
    th_info("one", "a=%d", 1);
    th_log_set_request(long_id);
    th_info("two", "a=%d", 1);
    th_log_set_request(NULL);
    long_id[63] = 0;
    struct th_buf want = {0};
    th_buf_printf(&want,
        "level=info event=one request=a?b?event?x? a=1\nlevel=info event=two request=%s a=1\n", long_id);
    TH_EQ_STR(release(), th_buf_cstr(&want));
    th_buf_free(&want);
}

static void say(int n)
{
    th_info("again", "n=%d", n);
}

static void test_the_same_line_is_counted(void)
{
    struct th_log_site site = {0};
    unsigned missed, admitted = 0;
    capture();
    for (int i = 0; i < 3 * PER_WINDOW; i++)
        say(i);
    const char *text = release();
    for (const char *p = text; (p = strchr(p, '\n')) != NULL; p++)
        admitted++;
    /* The clock's window may turn once while we write. */
    TH_CHECK(admitted == PER_WINDOW || (admitted == 2 * PER_WINDOW && strstr(text, "missed=") != NULL));
    for (int i = 0; i < PER_WINDOW + 7; i++)
        admit(&site, &missed);
    site.count = PER_WINDOW + 7;
    site.window--; /* the next one begins */
    TH_CHECK(admit(&site, &missed));
    TH_EQ_INT(missed, 7);
    TH_CHECK(admit(&site, &missed));
    TH_EQ_INT(missed, 0);
}

static void test_errno_is_kept(void)
{
    capture();
    errno = ENOSPC;
    th_erro("full", "path=\"%s\" error=\"%m\"", "/x");
    int after = errno;
    TH_EQ_STR(release(), "level=error event=full path=\"/x\" error=\"No space left on device\"\n");
    TH_EQ_INT(after, ENOSPC);
}

static void *say_much(void *arg)
{
    th_log_set_worker((int)(intptr_t)arg);
    for (int i = 0; i < 50; i++) {
        struct th_log_site site = {0};
        th_log_at(&site, TH_LOG_INFO, "thread", "a=\"%s\" b=%d", "some text that is somewhat longer", i);
    }
    return NULL;
}

static void test_lines_of_threads_do_not_mix(void)
{
    pthread_t threads[4];
    unsigned lines = 0, wrong = 0;
    capture();
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, say_much, (void *)(intptr_t)i);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    struct th_str rest = th_str(release()), line;
    while (th_str_split(&rest, '\n', &line) && rest.p != NULL) {
        lines++;
        wrong += !th_str_starts(line, TH_STR("level=info event=thread worker=")) ||
                 strstr(line.p, "a=\"some text that is somewhat longer\" b=") == NULL;
    }
    TH_EQ_INT(lines, 200);
    TH_EQ_INT(wrong, 0);
}

int main(void)
{
    TH_RUN(test_text);
    TH_RUN(test_json);
    TH_RUN(test_a_request_id_is_one_word);
    TH_RUN(test_the_same_line_is_counted);
    TH_RUN(test_errno_is_kept);
    TH_RUN(test_lines_of_threads_do_not_mix);
    return TH_END();
}
