/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sim_options.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/str.h"

const char th_sim_usage[] =
    "usage: thingd sim demo --api URL --token TOKEN --mqtt HOST:PORT [--devices N] [--state FILE] [--quiet]\n"
    "       thingd sim load --mqtt HOST:PORT --product P (--key KEY | --keys FILE) [--devices N] [--rate R]\n"
    "                       [--payload BYTES|FILE] [--qos 0|1|2] [--seconds S] [--window W] [--prefix d] "
    "[--json]\n"
    "\n"
    "demo: an air-quality monitor product whose devices look alive; made over the admin API when it is not "
    "there.\n"
    "  --api URL          address of thingd's API\n"
    "  --token TOKEN      API token; @FILE reads it from a file\n"
    "  --devices N        how many (default 5)\n"
    "  --state FILE       keeps the devices' secrets, mode 0600 (default thingd-sim.json)\n"
    "  --quiet            says nothing while all goes well\n"
    "\n"
    "load: property posts as fast as asked, with figures.\n"
    "  --product P        product key\n"
    "  --key KEY          one key for all devices; --keys FILE: lines `device key`, as many devices as "
    "lines\n"
    "  --devices N        devices named PREFIX0 to PREFIX(N-1) (default 100)\n"
    "  --prefix d         their names' beginning (default d)\n"
    "  --rate R           messages per second, all devices together; 0 (default): as fast as acknowledged\n"
    "  --window W         unacknowledged messages per device (default 10)\n"
    "  --payload B|FILE   size of the report in bytes (default 100), or a file sent as it is\n"
    "  --qos 0|1|2        (default 1)\n"
    "  --seconds S        (default 10)\n"
    "  --json             the summary as one JSON object on standard output, the rest on standard error\n";

enum kind { TEXT, WHOLE, REAL, FLAG, ADDRESS, SECRET };

struct option_row {
    const char *name;
    enum kind kind;
    size_t offset;
    double min, max;
    const char *modes; /* d, l */
};

#define AT(member) offsetof(struct th_sim_options, member)
static const struct option_row options[] = {
    {"--mqtt", ADDRESS, 0, 0, 0, "dl"},
    {"--devices", WHOLE, AT(devices), 1, 1000000, "dl"},
    {"--api", TEXT, AT(api), 0, 0, "d"},
    {"--token", SECRET, AT(token), 0, 0, "d"},
    {"--state", TEXT, AT(state), 0, 0, "d"},
    {"--quiet", FLAG, AT(quiet), 0, 0, "d"},
    {"--product", TEXT, AT(product), 0, 0, "l"},
    {"--prefix", TEXT, AT(prefix), 0, 0, "l"},
    {"--key", SECRET, AT(key), 0, 0, "l"},
    {"--keys", TEXT, AT(keys), 0, 0, "l"},
    {"--payload", TEXT, AT(payload), 0, 0, "l"},
    {"--rate", REAL, AT(rate), 0, 10e6, "l"},
    {"--window", WHOLE, AT(window), 1, 1000, "l"},
    {"--qos", WHOLE, AT(qos), 0, 2, "l"},
    {"--seconds", WHOLE, AT(seconds), 1, 86400, "l"},
    {"--json", FLAG, AT(json), 0, 0, "l"},
};

static int read_address(struct th_sim_options *o, const char *text, struct th_error *err)
{
    const char *colon = strrchr(text, ':');
    int64_t port;

    if (colon == NULL || colon == text || !th_str_int(th_str(colon + 1), &port) || port < 1 || port > 65535)
        return th_fail(err, TH_EINVAL, "--mqtt wants HOST:PORT, not '%s'", text);
    o->host = th_arena_dup(&o->arena, text, strlen(text));
    o->host[colon - text] = '\0';
    o->port = (int)port;
    return 0;
}

/* The first line of a file given as @FILE, else the text itself: a secret in the arguments is seen by every
 * user. */
static int read_secret(struct th_sim_options *o, const char **out, const char *text, struct th_error *err)
{
    char line[512];
    FILE *f;

    if (text[0] != '@') {
        *out = text;
        return 0;
    }
    f = fopen(text + 1, "re");
    if (f == NULL)
        return th_fail(err, TH_EIO, "cannot read %s: %m", text + 1);
    if (fgets(line, sizeof(line), f) == NULL)
        line[0] = '\0';
    fclose(f);
    line[strcspn(line, "\r\n")] = '\0';
    if (line[0] == '\0')
        return th_fail(err, TH_EINVAL, "%s is empty", text + 1);
    *out = th_arena_dup(&o->arena, line, strlen(line));
    return 0;
}

static int read_number(
    struct th_sim_options *o, const struct option_row *row, const char *text, struct th_error *err)
{
    char *end;
    double v = strtod(text, &end);

    if (end == text || *end != '\0' || !(v >= row->min && v <= row->max) ||
        (row->kind == WHOLE && v != (int)v))
        return th_fail(
            err, TH_EINVAL, "%s wants a number from %g to %g, not '%s'", row->name, row->min, row->max, text);
    if (row->kind == WHOLE)
        *(int *)((char *)o + row->offset) = (int)v;
    else
        *(double *)((char *)o + row->offset) = v;
    return 0;
}

static int read_value(
    struct th_sim_options *o, const struct option_row *row, const char *text, struct th_error *err)
{
    switch (row->kind) {
    case ADDRESS:
        return read_address(o, text, err);
    case SECRET:
        return read_secret(o, (const char **)((char *)o + row->offset), text, err);
    case WHOLE:
    case REAL:
        return read_number(o, row, text, err);
    default:
        *(const char **)((char *)o + row->offset) = text;
        return 0;
    }
}

static const struct option_row *find_row(const char *name, char mode)
{
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        if (strcmp(options[i].name, name) == 0 && strchr(options[i].modes, mode) != NULL)
            return &options[i];
    return NULL;
}

static int read_all(struct th_sim_options *o, char mode, int argc, char **argv, struct th_error *err)
{
    th_arena_init(&o->arena);
    for (int i = 0; i < argc; i++) {
        const struct option_row *row = find_row(argv[i], mode);
        int code;

        if (row == NULL)
            return th_fail(err, TH_EINVAL, "unknown argument '%s'", argv[i]);
        if (row->kind == FLAG) {
            *(bool *)((char *)o + row->offset) = true;
            continue;
        }
        if (++i == argc)
            return th_fail(err, TH_EINVAL, "%s wants a value", row->name);
        code = read_value(o, row, argv[i], err);
        if (code != 0)
            return code;
    }
    if (o->host == NULL)
        return th_fail(err, TH_EINVAL, "--mqtt HOST:PORT is missing");
    return 0;
}

int th_sim_options_demo(struct th_sim_options *o, int argc, char **argv, struct th_error *err)
{
    int code;

    *o = (struct th_sim_options){.devices = 5, .state = "thingd-sim.json"};
    code = read_all(o, 'd', argc, argv, err);
    if (code != 0)
        return code;
    if (o->api == NULL)
        return th_fail(err, TH_EINVAL, "--api URL is missing");
    if (o->token == NULL)
        return th_fail(err, TH_EINVAL, "--token TOKEN is missing");
    return 0;
}

int th_sim_options_load(struct th_sim_options *o, int argc, char **argv, struct th_error *err)
{
    int code;

    *o = (struct th_sim_options){
        .devices = 100, .prefix = "d", .payload = "100", .window = 10, .qos = 1, .seconds = 10};
    code = read_all(o, 'l', argc, argv, err);
    if (code != 0)
        return code;
    if (o->product == NULL)
        return th_fail(err, TH_EINVAL, "--product P is missing");
    if ((o->key == NULL) == (o->keys == NULL))
        return th_fail(err, TH_EINVAL, "one of --key KEY and --keys FILE is wanted");
    if (!th_str_is_key(th_str(o->product)) || !th_str_is_key(th_str(o->prefix)))
        return th_fail(err, TH_EINVAL, "product and prefix are made of A-Z a-z 0-9 - _");
    return 0;
}

void th_sim_options_free(struct th_sim_options *o)
{
    th_arena_free(&o->arena);
}
