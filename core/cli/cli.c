/* SPDX-License-Identifier: Apache-2.0 */
#include <libgen.h>
#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "cli/cli.h"

static void take_out(int *argc, char **argv, int at, int count)
{
    for (int i = at; i + count <= *argc; i++)
        argv[i] = argv[i + count]; /* the closing NULL moves along */
    *argc -= count;
}

const char *th_cli_option(int *argc, char **argv, const char *name)
{
    size_t n = strlen(name);
    for (int i = 1; i < *argc; i++) {
        if (strncmp(argv[i], name, n) != 0)
            continue;
        const char *value = NULL;
        if (argv[i][n] == '=') {
            value = argv[i] + n + 1;
            take_out(argc, argv, i, 1);
        } else if (argv[i][n] == 0 && i + 1 < *argc) {
            value = argv[i + 1];
            take_out(argc, argv, i, 2);
        }
        if (value != NULL)
            return value;
    }
    return NULL;
}

bool th_cli_flag(int *argc, char **argv, const char *name)
{
    for (int i = 1; i < *argc; i++) {
        if (strcmp(argv[i], name) == 0) {
            take_out(argc, argv, i, 1);
            return true;
        }
    }
    return false;
}

int th_cli_no_more(int argc, char **argv)
{
    if (argc <= 1)
        return 0;
    fprintf(stderr, "thingd %s: what is \"%s\"? Try `thingd help`.\n", argv[0], argv[1]);
    return 2;
}

int th_cli_failed(const struct th_error *err)
{
    fprintf(stderr, "thingd: %s\n", err->msg);
    return 1;
}

static enum th_log_level level_of(const char *name)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    for (int i = 0; i < 4; i++)
        if (strcmp(name, names[i]) == 0)
            return (enum th_log_level)i;
    return TH_LOG_INFO;
}

void th_cli_log(const struct th_conf *conf)
{
    th_log_init(level_of(conf->log_level), strcmp(conf->log_format, "json") == 0);
}

struct th_conf *th_cli_conf_at(const char *path)
{
    struct th_conf *conf;
    struct th_error err;
    if (th_conf_load(&conf, path, &err) != 0) {
        th_cli_failed(&err);
        return NULL;
    }
    th_cli_log(conf);
    return conf;
}

struct th_conf *th_cli_conf(int *argc, char **argv)
{
    return th_cli_conf_at(th_cli_option(argc, argv, "--config"));
}

static bool has_product(const char *folder)
{
    char path[4200];
    snprintf(path, sizeof path, "%s/plugins/product/default/init.lua", folder);
    return access(path, R_OK) == 0;
}

const char *th_cli_home(const struct th_conf *conf, struct th_arena *arena)
{
    static const char *const beside[] = {"..", "../share/thingd", "../.."};
    char program[4096];
    if (conf->home[0] != 0) {
        if (has_product(conf->home))
            return conf->home;
        fprintf(stderr, "thingd: home: %s does not hold plugins/product/default\n", conf->home);
        return NULL;
    }
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    program[n > 0 ? n : 0] = 0;
    const char *folder = dirname(program);
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        const char *home = th_arena_printf(arena, "%s/%s", folder, beside[i]);
        if (has_product(home))
            return home;
    }
    fprintf(stderr, "thingd: its files (lua/, plugins/, ...) are not beside the program; set `home`\n");
    return NULL;
}
