/* SPDX-License-Identifier: Apache-2.0 */
#undef TH_ERRINJ
#define TH_ERRINJ 1
#include "base/errinj.c"

#include <sys/wait.h>
#include <unistd.h>

#include "../test.h"

static int passes(const char *name, int tries)
{
    int hits = 0;
    for (int i = 0; i < tries; i++)
        hits += TH_ERRINJ_POINT(name);
    return hits;
}

/* Before anything else has read the environment. */
static void test_environment(void)
{
    setenv("THINGD_ERRINJ", "a.b=2,,c=1,d=0", 1);
    TH_EQ_INT(passes("a.b", 5), 2);
    TH_EQ_INT(passes("c", 5), 1);
    TH_EQ_INT(passes("d", 5), 0);
    TH_EQ_INT(passes("e", 5), 0);
}

static void test_arm(void)
{
    th_errinj_arm("x", 3);
    TH_EQ_INT(passes("x", 2), 2);
    th_errinj_arm("x", 0);
    TH_EQ_INT(passes("x", 2), 0);
}

static void *take(void *arg)
{
    *(int *)arg = passes("shared", 5000);
    return NULL;
}

static void test_count_holds_over_threads(void)
{
    pthread_t threads[4];
    int hits[4], sum = 0;
    th_errinj_arm("shared", 100);
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, take, &hits[i]);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        sum += hits[i];
    }
    TH_EQ_INT(sum, 100);
}

static void test_a_typing_error_ends_the_program(void)
{
    static const char *const bad[] = {"a", "a=", "a=x", "a=-1", "a=1;b=1"};
    for (size_t i = 0; i < TH_COUNT(bad); i++) {
        TH_ROW("%s", bad[i]);
        pid_t child = fork();
        if (child == 0) {
            setenv("THINGD_ERRINJ", bad[i], 1);
            read_environment();
            _exit(0);
        }
        int status;
        TH_CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
        TH_EQ_INT(WEXITSTATUS(status), 2);
    }
}

int main(void)
{
    TH_RUN(test_environment);
    TH_RUN(test_arm);
    TH_RUN(test_count_holds_over_threads);
    TH_RUN(test_a_typing_error_ends_the_program);
    return TH_END();
}
