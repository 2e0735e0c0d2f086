/* SPDX-License-Identifier: Apache-2.0 */
#include "io/worker.c"

#include "../test.h"

/* ---- mail ---- */

#define SENDERS 3
#define LETTERS 20000

struct letter {
    struct th_mail mail;
    int sender, number;
};

static int next_number[SENDERS]; /* touched by the receiving worker only, then by main after the join */
static int out_of_order;
static _Atomic int received;

static void on_letter(struct th_worker *to, struct th_mail *m)
{
    struct letter *l = th_container_of(m, struct letter, mail);
    out_of_order += to->index != 0 || th_worker_self() != to || l->number != next_number[l->sender];
    next_number[l->sender]++;
    th_free(l);
    received++;
}

struct sender {
    uv_thread_t thread;
    struct th_worker *to;
    int index;
};

static void send_letters(void *arg)
{
    struct sender *s = arg;
    for (int i = 0; i < LETTERS; i++) {
        struct letter *l = th_alloc(sizeof(*l));
        *l = (struct letter){.mail.run = on_letter, .sender = s->index, .number = i};
        th_worker_post(s->to, &l->mail);
    }
}

static void await_received(int n)
{
    while (received < n)
        sched_yield();
}

static struct th_conf *conf_with_workers(int n)
{
    struct th_conf *conf;
    struct th_error err;
    TH_EQ_INT(th_conf_load(&conf, NULL, &err), 0);
    conf->workers = n;
    return conf;
}

static void test_mail_keeps_each_senders_order(void)
{
    static const struct th_worker_part *const none[] = {NULL};
    struct th_conf *conf = conf_with_workers(2);
    struct th_runtime rt;
    struct th_error err;
    TH_EQ_INT(th_runtime_start(&rt, conf, none, NULL, &err), 0);
    TH_EQ_INT(rt.worker_count, 2);
    struct sender senders[SENDERS];
    for (int i = 0; i < SENDERS; i++) {
        senders[i] = (struct sender){.to = &rt.workers[0], .index = i};
        uv_thread_create(&senders[i].thread, send_letters, &senders[i]);
    }
    for (int i = 0; i < SENDERS; i++)
        uv_thread_join(&senders[i].thread);
    await_received(SENDERS * LETTERS);
    th_runtime_stop(&rt, 1000);
    TH_EQ_INT(out_of_order, 0);
    for (int i = 0; i < SENDERS; i++)
        TH_EQ_INT(next_number[i], LETTERS);
    th_conf_free(conf);
}

/* A ping goes between two workers, so that both sides post and receive at once. */
struct ping {
    struct th_mail mail;
    int hops;
};

static void on_ping(struct th_worker *to, struct th_mail *m)
{
    struct ping *p = th_container_of(m, struct ping, mail);
    if (--p->hops == 0)
        received++;
    else
        th_worker_post(&to->rt->workers[1 - to->index], m);
}

static void test_mail_goes_both_ways(void)
{
    static const struct th_worker_part *const none[] = {NULL};
    struct th_conf *conf = conf_with_workers(2);
    struct th_runtime rt;
    struct th_error err;
    TH_EQ_INT(th_runtime_start(&rt, conf, none, NULL, &err), 0);
    struct ping pings[50];
    received = 0;
    for (int i = 0; i < 50; i++) {
        pings[i] = (struct ping){.mail.run = on_ping, .hops = 500};
        th_worker_post(&rt.workers[i % 2], &pings[i].mail);
    }
    await_received(50);
    th_runtime_stop(&rt, 1000);
    TH_EQ_INT(received, 50);
    th_conf_free(conf);
}

/* ---- parts ---- */

#define JOURNAL_MAX 64
static uv_mutex_t journal_lock;
static struct {
    const char *what;
    int part;
} journal[JOURNAL_MAX];
static int journal_n;

static void note(const char *what, int part)
{
    uv_mutex_lock(&journal_lock);
    journal[journal_n].what = what;
    journal[journal_n++].part = part;
    uv_mutex_unlock(&journal_lock);
}

static int start_a(struct th_worker *w, struct th_error *err)
{
    note("start", 0);
    return 0;
}

static int start_b(struct th_worker *w, struct th_error *err)
{
    note("start", 1);
    return 0;
}

static int start_bad(struct th_worker *w, struct th_error *err)
{
    return w->index == 1 ? th_fail(err, TH_EINVAL, "no such thing") : 0;
}

static void drain_a(struct th_worker *w)
{
    note("drain", 0);
    th_worker_drained(w);
}

/* Drains only after a few more turns of the loop, later on the second worker. */
struct slow_drain {
    struct th_later later;
    int turns;
};

static void on_slow_drain(struct th_worker *w, struct th_later *l)
{
    struct slow_drain *s = th_container_of(l, struct slow_drain, later);
    if (--s->turns > 0) {
        th_worker_later(w, l);
        return;
    }
    th_free(s);
    note("drained", 1);
    th_worker_drained(w);
}

static void drain_b(struct th_worker *w)
{
    note("drain", 1);
    struct slow_drain *s = th_calloc(1, sizeof(*s));
    th_list_init(&s->later.link);
    s->later.run = on_slow_drain;
    s->turns = w->index == 0 ? 3 : 1000;
    th_worker_later(w, &s->later);
}

static void stop_a(struct th_worker *w)
{
    note("stop", 0);
}

static void stop_b(struct th_worker *w)
{
    note("stop", 1);
}

static const struct th_worker_part part_a = {"a", start_a, drain_a, stop_a};
static const struct th_worker_part part_b = {"b", start_b, drain_b, stop_b};
static const struct th_worker_part part_bad = {"bad", start_bad, NULL, NULL};
static const struct th_worker_part part_empty = {"empty", NULL, NULL, NULL};

static int last_of(const char *what, int part)
{
    for (int i = journal_n - 1; i >= 0; i--) {
        if (strcmp(journal[i].what, what) == 0 && journal[i].part == part)
            return i;
    }
    return -1;
}

static int first_of(const char *what, int part)
{
    for (int i = 0; i < journal_n; i++) {
        if (strcmp(journal[i].what, what) == 0 && journal[i].part == part)
            return i;
    }
    return -1;
}

static void test_parts_drain_in_step_and_stop_in_reverse(void)
{
    static const struct th_worker_part *const parts[] = {&part_a, &part_empty, &part_b, NULL};
    struct th_conf *conf = conf_with_workers(2);
    struct th_runtime rt;
    struct th_error err;
    journal_n = 0;
    TH_EQ_INT(th_runtime_start(&rt, conf, parts, NULL, &err), 0);
    TH_EQ_INT(journal_n, 4);
    TH_CHECK(first_of("start", 1) > first_of("start", 0));
    th_runtime_stop(&rt, 10000);
    TH_EQ_INT(journal_n, 4 + 2 + 2 + 2 + 4);
    /* The lower part's drain waits for the upper's end on the slowest worker. */
    TH_CHECK(first_of("drain", 0) > last_of("drained", 1));
    TH_CHECK(first_of("stop", 1) > last_of("drain", 0));
    TH_CHECK(last_of("stop", 0) > last_of("stop", 1));
    th_conf_free(conf);
}

static void test_a_part_that_fails_undoes_the_start(void)
{
    static const struct th_worker_part *const parts[] = {&part_a, &part_bad, &part_b, NULL};
    struct th_conf *conf = conf_with_workers(2);
    struct th_runtime rt;
    struct th_error err = {0};
    journal_n = 0;
    TH_EQ_INT(th_runtime_start(&rt, conf, parts, NULL, &err), -TH_EINVAL);
    TH_EQ_STR(err.msg, "bad: no such thing");
    /* The healthy worker had got as far as part b; all that started was stopped, nothing drained. */
    TH_EQ_INT(journal_n, 2 + 1 + 2 + 1);
    TH_EQ_INT(first_of("drain", 0), -1);
    th_conf_free(conf);
}

static void drain_never(struct th_worker *w)
{
}

static const struct th_worker_part part_never = {"never", NULL, drain_never, stop_b};

static void test_the_deadline_ends_a_drain(void)
{
    static const struct th_worker_part *const parts[] = {&part_a, &part_never, NULL};
    struct th_conf *conf = conf_with_workers(2);
    struct th_runtime rt;
    struct th_error err;
    journal_n = 0;
    TH_EQ_INT(th_runtime_start(&rt, conf, parts, NULL, &err), 0);
    uint64_t began = th_clock_mono_us();
    th_runtime_stop(&rt, 50);
    TH_CHECK(th_clock_mono_us() - began >= 50000);
    TH_EQ_INT(first_of("drain", 0), -1);
    TH_CHECK(first_of("stop", 1) >= 0 && last_of("stop", 0) > last_of("stop", 1));
    th_conf_free(conf);
}

/* ---- later ---- */

static struct th_later jobs[3];
static int ran[8], ran_n;

static void on_job(struct th_worker *w, struct th_later *l)
{
    ran[ran_n++] = (int)(l - jobs);
    if (l == &jobs[0] && ran_n == 1)
        th_worker_later(w, l); /* once more, in the next turn */
    if (l == &jobs[0])
        th_list_remove(&jobs[1].link); /* taken back before its turn */
    received = ran_n;
}

static void on_later_test(struct th_worker *w, struct th_mail *m)
{
    for (int i = 0; i < 3; i++) {
        th_list_init(&jobs[i].link);
        jobs[i].run = on_job;
        th_worker_later(w, &jobs[i]);
    }
    ran[7] = ran_n; /* nothing ran inside the call */
}

static void test_later_runs_in_order_and_can_be_taken_back(void)
{
    static const struct th_worker_part *const none[] = {NULL};
    struct th_conf *conf = conf_with_workers(1);
    struct th_runtime rt;
    struct th_error err;
    struct th_mail mail = {.run = on_later_test};
    received = 0;
    TH_EQ_INT(th_runtime_start(&rt, conf, none, NULL, &err), 0);
    th_worker_post(&rt.workers[0], &mail);
    await_received(3);
    th_runtime_stop(&rt, 1000);
    TH_EQ_INT(ran[7], 0);
    TH_EQ_INT(ran_n, 3);
    TH_EQ_INT(ran[0], 0);
    TH_EQ_INT(ran[1], 2);
    TH_EQ_INT(ran[2], 0);
    th_conf_free(conf);
}

/* ---- devices ---- */

static void test_devices_spread_over_workers(void)
{
    struct th_runtime rt = {.worker_count = 4};
    rt.workers = th_calloc(4, sizeof(*rt.workers));
    int counts[4] = {0};
    char key[32];
    for (int i = 0; i < 10000; i++) {
        snprintf(key, sizeof(key), "dev%05d", i);
        struct th_worker *w = th_worker_of_device(&rt, th_str(key));
        TH_CHECK(w == th_worker_of_device(&rt, th_str(key)));
        counts[w - rt.workers]++;
    }
    for (int i = 0; i < 4; i++)
        TH_CHECK(counts[i] > 2200 && counts[i] < 2800);
    th_free(rt.workers);
}

int main(void)
{
    uv_mutex_init(&journal_lock);
    TH_RUN(test_mail_keeps_each_senders_order);
    TH_RUN(test_mail_goes_both_ways);
    TH_RUN(test_parts_drain_in_step_and_stop_in_reverse);
    TH_RUN(test_a_part_that_fails_undoes_the_start);
    TH_RUN(test_the_deadline_ends_a_drain);
    TH_RUN(test_later_runs_in_order_and_can_be_taken_back);
    TH_RUN(test_devices_spread_over_workers);
    return TH_END();
}
