/* SPDX-License-Identifier: Apache-2.0 */
#include "base/errinj.h"

#ifdef TH_ERRINJ
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"

#define POINTS 64

static struct {
    const char *name;
    int left;
    bool told; /* since it was armed */
} points[POINTS];
static unsigned count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void arm(const char *name, int passes)
{
    pthread_mutex_lock(&lock);
    unsigned i = 0;
    while (i < count && strcmp(points[i].name, name) != 0)
        i++;
    if (i == POINTS)
        abort();
    if (i == count)
        points[count++].name = name;
    points[i].left = passes;
    points[i].told = false;
    pthread_mutex_unlock(&lock);
}

/* A typing error here would let a test pass that tests nothing. */
static void read_environment(void)
{
    struct th_str rest = th_str(getenv("THINGD_ERRINJ")), item, name;
    while (rest.p != NULL && th_str_split(&rest, ',', &item)) {
        int64_t passes;
        if (item.n == 0)
            continue;
        if (!th_str_split(&item, '=', &name) || item.p == NULL || !th_str_int(item, &passes) || passes < 0 ||
            passes > INT32_MAX) {
            fputs("thingd: THINGD_ERRINJ is name=count,...\n", stderr);
            exit(2);
        }
        char *kept = th_alloc(name.n + 1);
        memcpy(kept, name.p, name.n);
        kept[name.n] = 0;
        arm(kept, (int)passes);
    }
}

void th_errinj_arm(const char *name, int passes)
{
    pthread_once(&once, read_environment);
    arm(name, passes);
}

bool th_errinj_hit(const char *name)
{
    bool hit = false;
    pthread_once(&once, read_environment);
    pthread_mutex_lock(&lock);
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(points[i].name, name) != 0 || points[i].left == 0)
            continue;
        points[i].left--;
        hit = true;
        if (!points[i].told)
            fprintf(stderr, "thingd: failure point %s\n", name);
        points[i].told = true;
    }
    pthread_mutex_unlock(&lock);
    return hit;
}
#endif
