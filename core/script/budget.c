// SPDX-License-Identifier: Apache-2.0
#include "script/budget.h"

#include <errno.h>
#include <lauxlib.h>
#include <link.h>
#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#define COARSE_NS 1000000 /* asked for; the kernel rounds up to its own tick */
#define FINE_NS 2000000
#define FINE_FROM_NS 1000000       /* calls that are over sooner do not need it */
#define ESCAPE_AFTER_NS 2500000    /* CPU time after the kill: no hook has stopped it by then */
#define TICK_SIGNAL (SIGRTMIN + 4) /* the C library keeps the first ones */

static uint64_t clock_ns(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* The address range of the library that holds lua_resume; empty when Lua is linked into the program itself,
 * for then an address does not tell Lua's code from any other. */
static struct {
    uintptr_t begin, end;
} lua_text;

static int find_lua_text(struct dl_phdr_info *info, size_t size, void *arg)
{
    uintptr_t sym = (uintptr_t)lua_resume;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
        uintptr_t begin = info->dlpi_addr + ph->p_vaddr;
        if (ph->p_type == PT_LOAD && (ph->p_flags & PF_X) && sym >= begin && sym < begin + ph->p_memsz) {
            if (info->dlpi_name != NULL && info->dlpi_name[0] != '\0') {
                lua_text.begin = begin;
                lua_text.end = begin + ph->p_memsz;
            }
            return 1;
        }
    }
    return 0;
}

static bool inside_lua(const void *context)
{
    const ucontext_t *uc = context;
#if defined(__x86_64__)
    uintptr_t pc = (uintptr_t)uc->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    uintptr_t pc = (uintptr_t)uc->uc_mcontext.pc;
#else
    uintptr_t pc = 0;
#endif
    return pc >= lua_text.begin && pc < lua_text.end;
}

static void note_place(struct th_slice *s, lua_State *L, lua_Debug *ar)
{
    if (s->line != 0 || lua_getinfo(L, "Sl", ar) == 0 || ar->currentline <= 0)
        return;
    s->line = ar->currentline;
    memcpy(s->where, ar->short_src, sizeof s->where - 1);
}

/* The innermost Lua line. Reads only: no allocation, no script. */
static void note_caller(struct th_slice *s, lua_State *L)
{
    lua_Debug ar;
    for (int level = 0; s->line == 0 && lua_getstack(L, level, &ar); level++)
        note_place(s, L, &ar);
}

static void on_hook(lua_State *L, lua_Debug *ar)
{
    struct th_slice *s = th_state_of(L)->budget->slice;
    if (s == NULL || s->killed == TH_KILL_NONE) {
        lua_sethook(L, NULL, 0, 0); /* armed in an earlier call that ended by itself */
        return;
    }
    note_place(s, L, ar);
    if (lua_isyieldable(L)) {
        lua_yield(L, 0);
        return;
    }
    s->in_c = true;
    luaL_error(L, "killed");
}

static void arm(struct th_slice *s)
{
    if (s->running != NULL)
        lua_sethook(s->running, on_hook, LUA_MASKCOUNT, 1);
}

/* The thread's clock at the start of the slice is not read: it lies after the last tick, and no further back
 * than the wall clock says. Exact unless the thread lost its core meanwhile; then early by less than a tick.
 */
static void measure_start(struct th_slice *s, uint64_t last_tick, uint64_t cpu, uint64_t wall)
{
    if (s->measured)
        return;
    uint64_t elapsed = wall - s->wall_start;
    s->cpu_start = cpu > elapsed ? cpu - elapsed : 0;
    if (s->cpu_start < last_tick)
        s->cpu_start = last_tick;
    s->measured = true;
}

static void set_fine(struct th_budget *b, bool on)
{
    struct itimerspec every = {.it_interval = {0, on ? FINE_NS : 0}, .it_value = {0, on ? FINE_NS : 0}};
    if (b->fine_on != on)
        timer_settime(b->fine, 0, &every, NULL);
    b->fine_on = on;
}

/* Over a limit: the hook is armed. */
static void look_at(struct th_slice *s, uint64_t cpu, uint64_t wall)
{
    if (cpu - s->cpu_start >= s->cpu_limit)
        s->killed = TH_KILL_CPU;
    else if (wall - s->wall_start >= s->wall_limit)
        s->killed = TH_KILL_WALL;
    if (s->killed != TH_KILL_NONE) {
        s->killed_at = cpu;
        arm(s);
    }
}

static void on_tick(int sig, siginfo_t *info, void *context)
{
    struct th_budget *b = info->si_value.sival_ptr;
    struct th_slice *s = b->slice;
    int saved = errno;
    uint64_t cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID), last = b->last_tick;

    b->last_tick = cpu;
    if (s == NULL) {
        set_fine(b, false);
        errno = saved;
        return;
    }
    uint64_t wall = clock_ns(CLOCK_MONOTONIC);
    for (struct th_slice *i = s; i != NULL; i = i->outer)
        measure_start(i, last, cpu, wall);
    if (wall - s->wall_start >= FINE_FROM_NS)
        set_fine(b, true);
    if (s->killed == TH_KILL_NONE) {
        look_at(s, cpu, wall);
    } else if (s->killed_at == 0) {
        s->killed_at = cpu; /* killed by the allocator */
    } else if (s->may_escape && cpu - s->killed_at >= ESCAPE_AFTER_NS && inside_lua(context)) {
        s->may_escape = 0;
        note_caller(s, s->running);
        errno = saved;
        _longjmp(s->escape, 1);
    }
    errno = saved;
}

static void install(void)
{
    struct sigaction sa = {.sa_sigaction = on_tick, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigemptyset(&sa.sa_mask);
    sigaction(TICK_SIGNAL, &sa, NULL);
    dl_iterate_phdr(find_lua_text, NULL);
}

void th_budget_escaped(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, TICK_SIGNAL);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static int make_timer(struct th_budget *b, clockid_t clock, timer_t *out, struct th_error *err)
{
    struct sigevent ev = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = TICK_SIGNAL};

    ev.sigev_value.sival_ptr = b;
    ev._sigev_un._tid = (pid_t)syscall(SYS_gettid);
    if (timer_create(clock, &ev, out) != 0)
        return th_fail(err, TH_EINTERNAL, "cannot make a timer: %s", strerror(errno));
    return 0;
}

int th_budget_open(struct th_budget **out, struct th_error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct th_budget *b = th_calloc(1, sizeof *b);
    struct itimerspec every = {.it_interval = {0, COARSE_NS}, .it_value = {0, COARSE_NS}};

    pthread_once(&once, install);
    th_budget_escaped();
    int rc = make_timer(b, CLOCK_THREAD_CPUTIME_ID, &b->coarse, err);
    if (rc == 0 && (rc = make_timer(b, CLOCK_MONOTONIC, &b->fine, err)) != 0)
        timer_delete(b->coarse);
    if (rc != 0) {
        th_free(b);
        return rc;
    }
    timer_settime(b->coarse, 0, &every, NULL);
    *out = b;
    return 0;
}

/* A tick sent before the timers are gone may still be pending: it is taken here, while b is valid. */
void th_budget_close(struct th_budget *b)
{
    sigset_t set, old;
    struct timespec now = {0, 0};

    if (b == NULL)
        return;
    sigemptyset(&set);
    sigaddset(&set, TICK_SIGNAL);
    pthread_sigmask(SIG_BLOCK, &set, &old);
    timer_delete(b->coarse);
    timer_delete(b->fine);
    while (sigtimedwait(&set, NULL, &now) > 0)
        ;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    th_free(b);
}

void th_budget_enter(struct th_budget *b, struct th_slice *s, lua_State *L, uint64_t cpu_us, uint64_t wall_us)
{
    s->outer = b->slice;
    s->running = L;
    s->killed = TH_KILL_NONE;
    s->may_escape = 0;
    s->in_c = s->measured = false;
    s->line = 0;
    s->where[0] = '\0';
    s->cpu_limit = cpu_us * 1000;
    s->wall_limit = wall_us * 1000;
    s->killed_at = 0;
    s->wall_start = clock_ns(CLOCK_MONOTONIC);
    b->slice = s;
}

void th_budget_leave(struct th_budget *b, struct th_slice *s)
{
    s->may_escape = 0;
    b->slice = s->outer;
    s->running = NULL;
    s->wall_ns = clock_ns(CLOCK_MONOTONIC) - s->wall_start;
    s->cpu_ns = s->wall_ns;
    if (s->measured) {
        uint64_t cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID) - s->cpu_start;
        if (cpu < s->cpu_ns)
            s->cpu_ns = cpu;
    }
}

void th_budget_kill(struct th_budget *b, enum th_kill why)
{
    struct th_slice *s = b->slice;
    if (s == NULL || s->killed != TH_KILL_NONE)
        return;
    s->killed = why;
    arm(s);
}

int th_budget_stop(lua_State *L)
{
    struct th_slice *s = th_state_of(L)->budget->slice;

    note_caller(s, L);
    if (lua_isyieldable(L)) {
        lua_yield(L, 0); /* leaves by longjmp: the caller is a C function */
    }
    s->in_c = true;
    return luaL_error(L, "killed");
}

void th_budget_switch(lua_State *to)
{
    struct th_slice *s = th_state_of(to)->budget->slice;
    if (s == NULL)
        return;
    s->running = to;
    /* The kill may have struck between the caller's last instruction and the line above. */
    if (s->killed != TH_KILL_NONE)
        lua_sethook(to, on_hook, LUA_MASKCOUNT, 1);
}
