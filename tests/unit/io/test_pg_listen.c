/* SPDX-License-Identifier: Apache-2.0 */
#include "io/worker.c"

#include "../test.h"
#include "io/pg.h"
#include "loop.h"
#include "pg_fixture.h"

static int notes, news;
static char last_note[64];

static void on_note(void *arg, struct th_str payload)
{
    TH_CHECK(arg == &notes);
    notes++;
    snprintf(last_note, sizeof(last_note), "%.*s", TH_STR_FMT(payload));
}

static void on_new(void *arg)
{
    news++;
}

static void test_notes_and_a_new_connection_after_a_crash(void)
{
    struct th_worker *w = loop_open();
    struct th_pg_listen *l;
    struct th_error err;
    loop_conf->database_url = pg_url;
    TH_EQ_INT(th_pg_listen_open(w, "odd \"name", on_note, on_new, &notes, &l, &err), 0);
    LOOP_UNTIL(news == 1);
    pg_ask("notify \"odd \"\"name\", 'one'");
    LOOP_UNTIL(notes == 1);
    TH_EQ_STR(last_note, "one");
    pg_ask("select pg_notify('odd \"name', i::text) from generate_series(1, 500) i");
    LOOP_UNTIL(notes == 501);
    TH_EQ_STR(last_note, "500");
    pg_crash();
    pg_boot();
    LOOP_UNTIL(news == 2);
    pg_ask("notify \"odd \"\"name\"");
    LOOP_UNTIL(notes == 502);
    TH_EQ_STR(last_note, "");
    th_pg_listen_close(l);
    TH_CHECK(loop_close());
}

static struct th_pg_listen *suicidal;

static void on_fatal_note(void *arg, struct th_str payload)
{
    notes++;
    th_pg_listen_close(suicidal);
}

static void test_closed_from_inside(void)
{
    struct th_worker *w = loop_open();
    struct th_error err;
    loop_conf->database_url = pg_url;
    notes = news = 0;
    TH_EQ_INT(th_pg_listen_open(w, "c", on_fatal_note, on_new, NULL, &suicidal, &err), 0);
    LOOP_UNTIL(news == 1);
    pg_ask("select pg_notify('c', i::text) from generate_series(1, 5) i");
    LOOP_UNTIL(notes == 1);
    TH_CHECK(loop_close());
    TH_EQ_INT(notes, 1);
}

int main(void)
{
    pg_make();
    TH_RUN(test_notes_and_a_new_connection_after_a_crash);
    TH_RUN(test_closed_from_inside);
    return TH_END();
}
