/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs the attacks of tests/sandbox/attacks against the sandbox and prints what became of each.
 *
 *     runner FOLDER [FAMILY]...
 *
 * A family is a file: a product script whose functions are the attacks, with a table `expect` of how each
 * ends (key `default` for those not named): ok, error, cpu, memory, several of them with | between, or
 * "error: some text". What is killed inside a C function counts by its reason. `calls` has the number of
 * calls of those that are called more than once, in one generation. With kind = "source" each function gives
 * a text, and the attack is to load that; with kind = "auth" it is called as on_auth is, and answers so.
 *
 * Every attack gets a generation of its own with 50 ms of CPU time and 16 MiB. Each call must end within 10
 * ms of CPU time past the budget (CPU time of this thread: a busy machine changes nothing), stay under the
 * byte cap, log no more than the cap, tell script, version and line in its report, and leave a neighbour on
 * the same thread unharmed. */
#include <dirent.h>
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "bind/bind.h"
#include "bind/call.h"
#include "script/gen.h"
#include "store/message.h"

#define BUDGET_US 50000
#define MEMORY (16u << 20)
#if defined(__SANITIZE_ADDRESS__)
/* Everything but Lua itself is several times slower: what ends by itself elsewhere may run out of time here.
 */
#define GRACE_MS 50.0
#define SLOW true
#else
#define GRACE_MS 10.0
#define SLOW false
#endif
#define WALL_US 20000000
#define VERSION 7
#define LOG_LINES 201
#define LOG_BYTES (40u << 10)
#define EFFECT_MEMORY (24u << 20)
#define ATTACKS_MAX 100
#define NEIGHBOUR_MAX 4096

struct attack {
    char name[64], expect[128];
    int calls;
};

struct family {
    char name[64], chunk[64];
    struct th_buf text;
    bool source;
    enum th_phase phase;
    struct attack attacks[ATTACKS_MAX];
    int count;
};

static struct {
    struct th_budget *budget;
    struct th_gen *neighbour;
    int passed, failed;
    double slowest_end, slowest_close; /* ms past the budget; ms to free a state */
    size_t highest;
    double times[NEIGHBOUR_MAX]; /* of the neighbour's calls, us */
    int time_count;
    /* Of the call under way: */
    uint32_t log_lines, log_bytes;
    struct th_message message; /* its effects gather here */
    struct th_call_context context;
    struct th_client client;
} run;

static const struct th_binding *const bindings[] = {th_bind_pure, th_bind_effects, NULL};

static double cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void on_log(
    struct th_gen *gen, void *ctx, enum th_log_level level, struct th_str text, const char *where, int line)
{
    run.log_lines++;
    run.log_bytes += (uint32_t)text.n;
}

static struct th_gen *build(const char *name, const char *chunk, struct th_str text, uint32_t load_us,
    struct th_report *report, struct th_error *err)
{
    struct th_gen *gen = NULL;
    struct th_source src = {TH_ROLE_PRODUCT, "main", chunk, text};
    struct th_gen_spec spec = {.budget = run.budget,
        .name = name,
        .version = VERSION,
        .sources = &src,
        .source_count = 1,
        .bindings = bindings,
        .limits = {.memory = MEMORY, .cpu_us = BUDGET_US, .wall_us = WALL_US, .load_us = load_us},
        .log = on_log};
    return th_gen_new(&gen, &spec, report, err) == 0 ? gen : NULL;
}

/* ---- reading a family ---- */

static bool read_file(const char *path, struct th_buf *out)
{
    FILE *f = fopen(path, "rb");
    char piece[4096];
    size_t n;
    if (f == NULL)
        return false;
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        th_buf_put(out, piece, n);
    fclose(f);
    return true;
}

static void text_field(lua_State *L, int table, const char *name, char *out, size_t size)
{
    if (lua_istable(L, table)) {
        lua_getfield(L, table, name);
        if (lua_isstring(L, -1))
            snprintf(out, size, "%s", lua_tostring(L, -1));
        lua_pop(L, 1);
    }
}

/* In a call of the family's own generation: what its tables say of each attack. */
static int read_tables(lua_State *L)
{
    struct family *f = th_task_ctx(L);
    char kind[16] = "", calls[16];

    th_gen_push_product(L);
    text_field(L, 1, "kind", kind, sizeof kind);
    f->source = strcmp(kind, "source") == 0;
    f->phase = strcmp(kind, "auth") == 0 ? TH_PHASE_AUTH : TH_PHASE_PROPERTY;
    lua_getfield(L, 1, "expect");
    lua_getfield(L, 1, "calls");
    for (int i = 0; i < f->count; i++) {
        struct attack *a = &f->attacks[i];
        snprintf(a->expect, sizeof a->expect, "cpu");
        snprintf(calls, sizeof calls, "1");
        text_field(L, 2, "default", a->expect, sizeof a->expect);
        text_field(L, 2, a->name, a->expect, sizeof a->expect);
        text_field(L, 3, a->name, calls, sizeof calls);
        a->calls = atoi(calls);
    }
    return 0;
}

/* The attacks in the order of the text: its lines "function M.name(". */
static void list_attacks(struct family *f)
{
    static const char mark[] = "\nfunction M.";
    for (const char *p = strstr(f->text.p, mark); p != NULL && f->count < ATTACKS_MAX; p = strstr(p, mark)) {
        p += sizeof mark - 1;
        int n = (int)strcspn(p, "(");
        snprintf(f->attacks[f->count++].name, sizeof f->attacks->name, "%.*s", n, p);
    }
}

static bool read_family(struct family *f, const char *folder, const char *file)
{
    char path[1024];
    struct th_error err;
    struct th_report report;

    memset(f, 0, sizeof *f);
    snprintf(f->name, sizeof f->name, "%.*s", (int)(strlen(file) - 4), file);
    snprintf(f->chunk, sizeof f->chunk, "%.63s", file);
    snprintf(path, sizeof path, "%s/%s", folder, file);
    if (!read_file(path, &f->text)) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return false;
    }
    th_buf_cstr(&f->text);
    list_attacks(f);
    struct th_gen *gen = build(f->name, f->chunk, th_buf_view(&f->text), 0, &report, &err);
    if (gen == NULL || th_gen_call(gen, read_tables, TH_PHASE_API, f, 0, &report) != TH_RUN_OK) {
        fprintf(stderr, "%s: %s\n", file, gen == NULL ? err.msg : report.message);
        th_gen_unref(gen);
        return false;
    }
    th_gen_unref(gen);
    return f->count > 0;
}

/* ---- judging ---- */

struct outcome {
    enum th_run run;
    struct th_report report;
    double cpu; /* ms */
    bool loaded;
};

/* "cpu" for whatever was killed for CPU time, wherever it was then. */
static const char *kind_of(const struct outcome *o)
{
    if (o->run == TH_RUN_KILLED_IN_C)
        return strstr(o->report.message, "CPU time") != NULL ? "cpu" : "memory";
    return th_run_name(o->run);
}

static bool expected(const char *expect, const struct outcome *o)
{
    const char *kind = kind_of(o);
    size_t n = strlen(kind);

    if (SLOW && strcmp(kind, "cpu") == 0)
        return true;
#if defined(__SANITIZE_ADDRESS__)
    if (strstr(expect, "memory") != NULL && strcmp(kind, "cpu") == 0)
        return true; /* too slow to fill it in time */
#endif
    if (strncmp(expect, "error: ", 7) == 0)
        return o->run == TH_RUN_ERROR && strstr(o->report.message, expect + 7) != NULL;
    for (const char *p = expect; p != NULL; p = strchr(p, '|')) {
        p += *p == '|';
        if (strncmp(p, kind, n) == 0 && (p[n] == '\0' || p[n] == '|'))
            return true;
    }
    return false;
}

/* What is wrong, or NULL. */
static const char *judge(const struct family *f, const struct attack *a, const struct outcome *o)
{
    static char why[700];
    const struct th_report *r = &o->report;

    if (!expected(a->expect, o)) {
        snprintf(why, sizeof why, "ended by %s, not by %s: %s", kind_of(o), a->expect, r->message);
        return why;
    }
    if (o->cpu > BUDGET_US / 1000.0 + GRACE_MS)
        return "over the budget";
    if (r->mem_peak > MEMORY)
        return "over the byte cap";
    if (run.log_lines > LOG_LINES || run.log_bytes > LOG_BYTES)
        return "logged more than the cap";
    if (run.message.arena.used > EFFECT_MEMORY)
        return "its effects hold more than the cap";
    if (o->run == TH_RUN_OK)
        return NULL;
    if (strcmp(r->script, f->name) != 0 || r->version != VERSION)
        return "the report does not tell script and version";
    /* An error object without a place has none. */
    if (o->run != TH_RUN_ERROR && (r->line <= 0 || r->where[0] == '\0'))
        return "the report does not tell the line";
    return r->message[0] == '\0' ? "the report has no message" : NULL;
}

static bool neighbour_is_well(void)
{
    struct th_call call = {.function = "on_property", .phase = TH_PHASE_PROPERTY};
    double start = cpu_ms();
    bool well = th_task_start(run.neighbour, &call, NULL) == TH_RUN_OK;

    if (run.time_count < NEIGHBOUR_MAX)
        run.times[run.time_count++] = (cpu_ms() - start) * 1000;
    return well;
}

static void show(const struct family *f, const struct attack *a, const struct outcome *o, const char *why)
{
    char name[160], place[200] = "";

    snprintf(name, sizeof name, "%s.%s", f->name, a->name);
    if (o->run != TH_RUN_OK)
        snprintf(place, sizeof place, "%s:%d", o->report.where, o->report.line);
    printf("%-38s %-12s %8.1f %9zu  %-22s%s%s\n", name, th_run_name(o->run), o->cpu, o->report.mem_peak >> 10,
        place, why != NULL ? " FAILED: " : "", why != NULL ? why : "");
    fflush(stdout);
}

/* ---- attacking ---- */

static void note(const struct family *f, const struct attack *a, const struct outcome *o)
{
    const char *why = judge(f, a, o);

    if (why == NULL && !neighbour_is_well())
        why = "the neighbour failed";
    if (o->cpu - BUDGET_US / 1000.0 > run.slowest_end)
        run.slowest_end = o->cpu - BUDGET_US / 1000.0;
    if (o->report.mem_peak > run.highest)
        run.highest = o->report.mem_peak;
    if (why == NULL)
        run.passed++;
    else
        run.failed++;
    show(f, a, o, why);
}

static struct th_str device_keys[] = {{"first secret", 12}, {"second secret", 13}};

/* A report of a device is handled: effects are allowed. Or a client asks to connect. */
static void begin_call(enum th_phase phase)
{
    static char product_key[] = "p", device_key[] = "d";
    static struct th_product product = {
        .key = product_key, .script.manifest = {.known = true, .subscribe = {{{"down/#", 6}}, 1}}};
    static struct th_store store; /* without a worker: nothing outside can be asked */
    static struct th_device device = {.key = device_key, .product = &product, .store = &store};
    static const struct th_keys keys = {device_keys, 2};
    run.log_lines = run.log_bytes = 0;
    memset(&run.message, 0, sizeof run.message);
    th_arena_init(&run.message.arena);
    run.message.effects_tail = &run.message.effects;
    run.message.parsed.has_id = true;
    run.message.time_ms = 1764000000000;
    run.context =
        (struct th_call_context){.arena = &run.message.arena, .device = &device, .message = &run.message};
    if (phase != TH_PHASE_AUTH)
        return;
    run.client = (struct th_client){.address = TH_STR("192.0.2.1:1"),
        .protocol = TH_STR("4"),
        .password = TH_STR("guess"),
        .known = true,
        .keys = &keys};
    run.context.message = NULL;
    run.context.client = &run.client;
}

static void end_call(void)
{
    th_arena_free(&run.message.arena);
}

static void close_state(struct th_gen *gen)
{
    double start = cpu_ms();
    th_gen_unref(gen);
    if (cpu_ms() - start > run.slowest_close)
        run.slowest_close = cpu_ms() - start;
}

static void attack_by_call(const struct family *f, const struct attack *a)
{
    bool auth = f->phase == TH_PHASE_AUTH;
    struct th_call call = {.function = a->name,
        .phase = f->phase,
        .ctx = &run.context,
        .push = auth ? th_call_push_client : NULL,
        .take = auth ? th_call_take_answer : NULL};
    struct outcome o;
    struct th_error err;
    struct th_gen *gen = build(f->name, f->chunk, th_buf_view(&f->text), 0, &o.report, &err);

    for (int i = 0; gen != NULL && i < a->calls; i++) {
        memset(&o, 0, sizeof o);
        begin_call(f->phase);
        double start = cpu_ms();
        o.run = th_task_start(gen, &call, &o.report);
        o.cpu = cpu_ms() - start;
        note(f, a, &o);
        end_call();
        if (th_gen_spent(gen)) { /* as the host does: the next call meets a fresh one */
            close_state(gen);
            gen = build(f->name, f->chunk, th_buf_view(&f->text), 0, &o.report, &err);
        }
    }
    if (gen != NULL)
        close_state(gen);
}

static void take_text(lua_State *L, int count, void *ctx)
{
    size_t n;
    const char *p = luaL_checklstring(L, 1, &n);
    th_buf_put(ctx, p, n);
}

static void attack_by_load(const struct family *f, const struct attack *a)
{
    struct th_buf text = {0};
    struct th_call call = {
        .function = a->name, .phase = TH_PHASE_API, .ctx = &text, .take = take_text, .cpu_us = 1000000};
    struct outcome o = {0};
    struct th_error err;
    struct th_gen *gen = build(f->name, f->chunk, th_buf_view(&f->text), 0, &o.report, &err), *bad;

    if (gen == NULL || th_task_start(gen, &call, &o.report) != TH_RUN_OK) {
        o.run = TH_RUN_CANCELED;
        note(f, a, &o);
    } else {
        memset(&o, 0, sizeof o);
        run.log_lines = run.log_bytes = 0;
        double start = cpu_ms();
        bad = build(f->name, "main.lua", th_buf_view(&text), BUDGET_US, &o.report, &err);
        o.cpu = cpu_ms() - start;
        o.run = o.report.run;
        note(f, a, &o);
        th_gen_unref(bad);
    }
    th_gen_unref(gen);
    th_buf_free(&text);
}

static void attack_family(const char *folder, const char *file)
{
    struct family f;

    if (!read_family(&f, folder, file)) {
        run.failed++;
    } else {
        for (int i = 0; i < f.count; i++) {
            if (f.source)
                attack_by_load(&f, &f.attacks[i]);
            else
                attack_by_call(&f, &f.attacks[i]);
        }
    }
    th_buf_free(&f.text);
}

static int is_family(const struct dirent *d)
{
    size_t n = strlen(d->d_name);
    return n > 4 && n < 64 && strcmp(d->d_name + n - 4, ".lua") == 0;
}

static bool wanted(const char *file, char **names)
{
    bool any = *names == NULL;
    for (; *names != NULL; names++)
        any |= strncmp(file, *names, strlen(*names)) == 0 && strcmp(file + strlen(*names), ".lua") == 0;
    return any;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void sum_up(void)
{
    double p99 = 0;
    if (run.time_count > 0) {
        qsort(run.times, (size_t)run.time_count, sizeof *run.times, by_value);
        p99 = run.times[run.time_count * 99 / 100];
    }
    printf("latest end %.1f ms past the budget, highest memory %zu of %u KiB, neighbour's p99 %.0f us, "
           "slowest state to free %.1f ms\n",
        run.slowest_end, run.highest >> 10, MEMORY >> 10, p99, run.slowest_close);
    printf("%d passed, %d failed\n", run.passed, run.failed);
}

int main(int argc, char **argv)
{
    static const char neighbour[] = "return { api = 1, on_property = function()\n"
                                    "  local t = {}\n"
                                    "  for i = 1, 100 do t[i] = ('%d'):format(i) end\n"
                                    "  assert(table.concat(t):find('99100') and neighbour == nil)\n"
                                    "end }";
    struct th_report report;
    struct th_error err;
    struct dirent **files;
    int n = argc < 2 ? -1 : scandir(argv[1], &files, is_family, alphasort);

    if (n <= 0) {
        fprintf(stderr, "usage: runner FOLDER [FAMILY]...\n");
        return 2;
    }
    if (th_budget_open(&run.budget, &err) != 0 ||
        (run.neighbour = build("neighbour", "neighbour.lua", th_str(neighbour), 0, &report, &err)) == NULL) {
        fprintf(stderr, "%s\n", err.msg);
        return 1;
    }
    printf("%-38s %-12s %8s %9s  %s\n", "attack", "ended by", "CPU ms", "peak KiB", "at");
    for (int i = 0; i < n; i++) {
        if (wanted(files[i]->d_name, argv + 2))
            attack_family(argv[1], files[i]->d_name);
        free(files[i]);
    }
    free(files);
    th_gen_unref(run.neighbour);
    th_budget_close(run.budget);
    sum_up();
    return run.failed > 0 || run.passed == 0;
}
