/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/conf.h"

enum type { TEXT, NUMBER, FLAG };

struct key {
    const char *name, *help, *text_default;
    enum type type;
    enum th_conf_kind kind;
    size_t offset;
    int64_t def, min, max;
    int flags;
};

static const struct key keys[] = {
#define TH_CONF_TEXT(key, member, def, flags, help)                                                          \
    {key, help, def, TEXT, 0, offsetof(struct th_conf, member), 0, 0, 0, flags},
#define TH_CONF_NUMBER(key, member, kind, def, min, max, flags, help)                                        \
    {key, help, NULL, NUMBER, kind, offsetof(struct th_conf, member), def, min, max, flags},
#define TH_CONF_FLAG(key, member, def, flags, help)                                                          \
    {key, help, NULL, FLAG, 0, offsetof(struct th_conf, member), def, 0, 1, flags},
#include "base/conf_keys.h"
#undef TH_CONF_TEXT
#undef TH_CONF_NUMBER
#undef TH_CONF_FLAG
};
#define NAME_SHOWN 100 /* bytes of an unknown key */
#define COLUMNS 100    /* of the sample file */
#define KEYS (sizeof keys / sizeof *keys)

static const struct {
    const char *name;
    enum th_conf_kind kind;
    int64_t factor;
} units[] = {
    {"ms", TH_CONF_TIME, 1},
    {"s", TH_CONF_TIME, 1000},
    {"m", TH_CONF_TIME, 60000},
    {"h", TH_CONF_TIME, 3600000},
    {"d", TH_CONF_TIME, 86400000},
    {"KiB", TH_CONF_BYTES, 1024},
    {"MiB", TH_CONF_BYTES, 1048576},
    {"GiB", TH_CONF_BYTES, 1073741824},
};

static const struct key *find(struct th_str name)
{
    for (size_t i = 0; i < KEYS; i++)
        if (th_str_eq(th_str(keys[i].name), name))
            return &keys[i];
    return NULL;
}

/* Levenshtein distance, for the hint in an error. */
static size_t distance(struct th_str a, const char *b)
{
    size_t n = strlen(b), row[128];
    if (n >= 128)
        return n;
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 0; i < a.n; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < n; j++) {
            size_t best = diagonal + (a.p[i] != b[j]);
            diagonal = row[j + 1];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (diagonal + 1 < best)
                best = diagonal + 1;
            row[j + 1] = best;
        }
    }
    return row[n];
}

static const char *nearest(struct th_str name)
{
    const char *best = NULL;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < KEYS; i++) {
        size_t d = distance(name, keys[i].name);
        if (d < least) {
            least = d;
            best = keys[i].name;
        }
    }
    return best;
}

static bool read_number(const struct key *k, struct th_str text, int64_t *out)
{
    size_t digits = 0;
    while (digits < text.n && (isdigit((unsigned char)text.p[digits]) || (digits == 0 && text.p[0] == '-')))
        digits++;
    int64_t factor = digits == text.n ? 1 : 0;
    struct th_str unit = th_str_trim((struct th_str){text.p + digits, text.n - digits});
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (units[i].kind == k->kind && th_str_eq(unit, th_str(units[i].name)))
            factor = units[i].factor;
    return factor > 0 && th_str_int((struct th_str){text.p, digits}, out) &&
           !__builtin_mul_overflow(*out, factor, out);
}

static int set(
    struct th_conf *conf, const struct key *k, struct th_str text, const char *where, struct th_error *err)
{
    char *member = (char *)conf + k->offset;
    if (k->type == TEXT) {
        *(const char **)member = th_arena_dup(&conf->arena, text.p, text.n);
        return 0;
    }
    if (k->type == FLAG) {
        bool yes = th_str_eq(text, TH_STR("true"));
        if (!yes && !th_str_eq(text, TH_STR("false")))
            return th_fail(
                err, TH_EINVAL, "%s: %s is true or false, not \"%.*s\"", where, k->name, TH_STR_FMT(text));
        *(bool *)member = yes;
        return 0;
    }
    int64_t v;
    if (!read_number(k, text, &v))
        return th_fail(err, TH_EINVAL, "%s: %s is a number%s, not \"%.*s\"", where, k->name,
            k->kind == TH_CONF_TIME    ? " of milliseconds, or with ms, s, m, h or d"
            : k->kind == TH_CONF_BYTES ? " of bytes, or with KiB, MiB or GiB"
                                       : "",
            TH_STR_FMT(text));
    if (v < k->min || v > k->max)
        return th_fail(err, TH_EINVAL, "%s: %s must be between %lld and %lld", where, k->name,
            (long long)k->min, (long long)k->max);
    *(int64_t *)member = v;
    return 0;
}

static int read_line(struct th_conf *conf, struct th_str line, const char *where, struct th_error *err)
{
    line = th_str_trim(line);
    if (line.n == 0 || line.p[0] == '#')
        return 0;
    struct th_str value = line, name;
    th_str_split(&value, '=', &name);
    if (value.p == NULL)
        return th_fail(err, TH_EINVAL, "%s: not `key = value`", where);
    name = th_str_trim(name);
    value = th_str_trim(value);
    if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
        value = (struct th_str){value.p + 1, value.n - 2};
    if (memchr(value.p, 0, value.n) != NULL)
        return th_fail(err, TH_EINVAL, "%s: the value holds a NUL", where);
    const struct key *k = find(name);
    if (name.n > NAME_SHOWN)
        name.n = NAME_SHOWN;
    if (k == NULL)
        return th_fail(err, TH_EINVAL, "%s: unknown key \"%.*s\"; did you mean \"%s\"?", where,
            TH_STR_FMT(name), nearest(name));
    return set(conf, k, value, where, err);
}

int th_conf_read(struct th_conf *conf, struct th_str text, const char *name, struct th_error *err)
{
    struct th_str line;
    int rc = 0;
    for (unsigned number = 1; rc == 0 && th_str_split(&text, '\n', &line); number++) {
        char where[300];
        snprintf(where, sizeof where, "%.250s:%u", name, number);
        rc = read_line(conf, line, where, err);
    }
    return rc;
}

static int read_file(struct th_conf *conf, const char *path, struct th_error *err)
{
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return th_fail(err, TH_EIO, "%s: %m", path);
    struct th_buf text = {0};
    size_t n;
    while ((n = fread(th_buf_room(&text, 4096), 1, 4096, f)) > 0)
        text.n += n;
    int rc = ferror(f) ? th_fail(err, TH_EIO, "%s: cannot be read", path) : 0;
    fclose(f);
    if (rc == 0)
        rc = th_conf_read(conf, (struct th_str){th_buf_cstr(&text), text.n}, path, err);
    th_buf_free(&text);
    return rc;
}

static void variable_of(const struct key *k, char out[80])
{
    size_t n = (size_t)snprintf(out, 80, "THINGD_%s", k->name);
    for (size_t i = 0; i < n && i < 79; i++)
        out[i] = out[i] == '.' ? '_' : (char)toupper((unsigned char)out[i]);
}

static int read_environment(struct th_conf *conf, struct th_error *err)
{
    for (size_t i = 0; i < KEYS; i++) {
        char name[80];
        variable_of(&keys[i], name);
        const char *value = getenv(name);
        int rc = value != NULL ? set(conf, &keys[i], th_str_trim(th_str(value)), name, err) : 0;
        if (rc != 0)
            return rc;
    }
    return 0;
}

void th_conf_defaults(struct th_conf *conf)
{
    for (size_t i = 0; i < KEYS; i++) {
        char *member = (char *)conf + keys[i].offset;
        if (keys[i].type == TEXT)
            *(const char **)member = keys[i].text_default;
        else if (keys[i].type == NUMBER)
            *(int64_t *)member = keys[i].def;
        else
            *(bool *)member = keys[i].def != 0;
    }
}

int th_conf_load(struct th_conf **out, const char *path, struct th_error *err)
{
    struct th_conf *conf = th_calloc(1, sizeof *conf);
    th_arena_init(&conf->arena);
    th_conf_defaults(conf);
    int rc = path != NULL ? read_file(conf, path, err) : 0;
    if (rc == 0)
        rc = read_environment(conf, err);
    if (rc != 0) {
        th_conf_free(conf);
        return rc;
    }
    *out = conf;
    return 0;
}

void th_conf_free(struct th_conf *conf)
{
    if (conf == NULL)
        return;
    th_arena_free(&conf->arena);
    th_free(conf);
}

/* The largest unit that leaves a whole number. */
static void put_number(struct th_buf *out, const struct key *k, int64_t v)
{
    const char *unit = "";
    int64_t factor = 1;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (units[i].kind == k->kind && v != 0 && v % units[i].factor == 0) {
            unit = units[i].name;
            factor = units[i].factor;
        }
    }
    th_buf_printf(out, "%lld%s", (long long)(v / factor), unit);
}

static void put_value(struct th_buf *out, const struct key *k, const struct th_conf *conf)
{
    const char *member = (const char *)conf + k->offset;
    if (k->type == TEXT) {
        const char *text = *(const char *const *)member;
        th_buf_puts(out, (k->flags & TH_CONF_SECRET) && *text != 0 ? "********" : text);
    } else if (k->type == NUMBER) {
        put_number(out, k, *(const int64_t *)member);
    } else {
        th_buf_puts(out, *(const bool *)member ? "true" : "false");
    }
}

/* As comment lines of at most COLUMNS. */
static void put_comment(struct th_buf *out, struct th_str text)
{
    struct th_str word;
    size_t column = COLUMNS;
    while (th_str_split(&text, ' ', &word)) {
        bool fits = column + 1 + word.n <= COLUMNS;
        column = fits ? column + 1 + word.n : 2 + word.n;
        th_buf_printf(out, "%s%.*s", fits ? " " : "\n# ", TH_STR_FMT(word));
    }
}

void th_conf_sample(struct th_buf *out)
{
    struct th_conf defaults;
    struct th_buf text = {0};
    th_conf_defaults(&defaults);
    th_buf_puts(out,
        "# SPDX-License-Identifier: Apache-2.0\n#\n"
        "# Configuration of thingd: every key with its default. Each is also an environment variable:\n"
        "# http.listen is THINGD_HTTP_LISTEN. Sizes take KiB, MiB, GiB; times ms, s, m, h, d.\n");
    for (size_t i = 0; i < KEYS; i++) {
        th_buf_reset(&text);
        th_buf_printf(&text, "%s%s%s", keys[i].help,
            keys[i].flags & TH_CONF_RELOAD ? " (re-read on SIGHUP)" : "",
            keys[i].flags & TH_CONF_SECRET ? " (secret)" : "");
        put_comment(out, (struct th_str){text.p, text.n});
        th_buf_reset(&text);
        if (keys[i].type == TEXT)
            th_buf_puts(&text, keys[i].text_default);
        else
            put_value(&text, &keys[i], &defaults);
        th_buf_printf(out, "\n#%s =%s%.*s\n", keys[i].name, text.n > 0 ? " " : "", (int)text.n, text.p);
    }
    th_buf_free(&text);
}

void th_conf_show(const struct th_conf *conf, struct th_buf *out)
{
    for (size_t i = 0; i < KEYS; i++) {
        th_buf_printf(out, "%s = ", keys[i].name);
        put_value(out, &keys[i], conf);
        th_buf_putc(out, '\n');
    }
}
