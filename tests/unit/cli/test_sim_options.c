/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sim_options.h"
#include "test.h"

#define MAX_ARGS 32

static int read_load(struct th_sim_options *o, const char *line, struct th_error *err)
{
    static char copy[512];
    char *argv[MAX_ARGS];
    int argc = 0;

    snprintf(copy, sizeof(copy), "%s", line);
    for (char *word = strtok(copy, " "); word != NULL && argc < MAX_ARGS; word = strtok(NULL, " "))
        argv[argc++] = word;
    return th_sim_options_load(o, argc, argv, err);
}

static void reads_all_of_a_load(void)
{
    struct th_sim_options o;
    struct th_error err;

    TH_EQ_INT(read_load(&o,
                  "--mqtt broker:1883 --product p --devices 7 --rate 2.5 --payload 200 --qos 2 "
                  "--seconds 3 --prefix x- --key k",
                  &err),
        0);
    TH_EQ_STR(o.host, "broker");
    TH_EQ_INT(o.port, 1883);
    TH_EQ_STR(o.product, "p");
    TH_EQ_INT(o.devices, 7);
    TH_CHECK(o.rate == 2.5);
    TH_EQ_STR(o.payload, "200");
    TH_EQ_INT(o.qos, 2);
    TH_EQ_INT(o.seconds, 3);
    TH_EQ_STR(o.prefix, "x-");
    TH_EQ_STR(o.key, "k");
    TH_CHECK(!o.json);
    th_sim_options_free(&o);
}

static void refuses_with_a_reason(void)
{
    static const struct {
        const char *line;
        const char *why;
    } rows[] = {
        {"--product p --key k", "--mqtt HOST:PORT is missing"},
        {"--mqtt here --product p --key k", "--mqtt wants HOST:PORT, not 'here'"},
        {"--mqtt :1 --product p --key k", "--mqtt wants HOST:PORT, not ':1'"},
        {"--mqtt a:0 --product p --key k", "--mqtt wants HOST:PORT, not 'a:0'"},
        {"--mqtt a:65536 --product p --key k", "--mqtt wants HOST:PORT, not 'a:65536'"},
        {"--mqtt a:1 --key k", "--product P is missing"},
        {"--mqtt a:1 --product p", "one of --key KEY and --keys FILE is wanted"},
        {"--mqtt a:1 --product p --key k --keys f", "one of --key KEY and --keys FILE is wanted"},
        {"--mqtt a:1 --product p/x --key k", "product and prefix are made of A-Z a-z 0-9 - _"},
        {"--mqtt a:1 --product p --key k --qos 3", "--qos wants a number from 0 to 2, not '3'"},
        {"--mqtt a:1 --product p --key k --qos 1.5", "--qos wants a number from 0 to 2, not '1.5'"},
        {"--mqtt a:1 --product p --key k --devices x", "--devices wants a number from 1 to 1e+06, not 'x'"},
        {"--mqtt a:1 --product p --key k --rate nan", "--rate wants a number from 0 to 1e+07, not 'nan'"},
        {"--mqtt a:1 --product p --key k --api u", "unknown argument '--api'"},
        {"--mqtt a:1 --product p --key", "--key wants a value"},
        {"--mqtt a:1 --product p --key @/nowhere/at/all",
            "cannot read /nowhere/at/all: No such file or directory"},
    };

    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        struct th_sim_options o;
        struct th_error err = {0};

        TH_ROW("%s", rows[i].line);
        TH_CHECK(read_load(&o, rows[i].line, &err) != 0);
        TH_EQ_STR(err.msg, rows[i].why);
        th_sim_options_free(&o);
    }
}

static void a_secret_may_stand_in_a_file(void)
{
    char path[] = "/tmp/test_sim_options.XXXXXX", line[128];
    struct th_sim_options o;
    struct th_error err;
    FILE *f = fdopen(mkstemp(path), "w");

    fputs("s3cr3t\nsecond line\n", f);
    fclose(f);
    snprintf(line, sizeof(line), "--mqtt a:1 --product p --key @%s", path);
    TH_EQ_INT(read_load(&o, line, &err), 0);
    TH_EQ_STR(o.key, "s3cr3t");
    th_sim_options_free(&o);
    remove(path);
}

int main(void)
{
    TH_RUN(reads_all_of_a_load);
    TH_RUN(refuses_with_a_reason);
    TH_RUN(a_secret_may_stand_in_a_file);
    return TH_END();
}
