/* SPDX-License-Identifier: Apache-2.0
 *
 * The subcommands of `thingd`. Each takes the arguments from its own name on and returns the exit status: 0,
 * 1 (could not be done, the reason is on standard error), 2 (wrong arguments). */
#ifndef TH_CLI_H
#define TH_CLI_H

#include <stdbool.h>
#include "base/conf.h"
#include "base/err.h"

struct th_cli_program {
    const char *name;
    int (*run)(int argc, char **argv);
    bool front; /* reached through the front's commands only: `thingd token create --local` */
};

int th_cli_serve(int argc, char **argv);
int th_cli_migrate(int argc, char **argv);
int th_cli_check_config(int argc, char **argv);
int th_cli_broker_config(int argc, char **argv);
int th_cli_token(int argc, char **argv); /* --name and --role are there */
int th_cli_user(int argc, char **argv);  /* --name is there */
int th_cli_doctor(int argc, char **argv);
/* All other commands, and every help text: lua/thing/cli (front.h). programs: up to one without a name. */
int th_cli_front(const struct th_cli_program *programs, int argc, char **argv);

/* The value of `--name VALUE` or `--name=VALUE`, taken out of argv; NULL when it is not there. */
const char *th_cli_option(int *argc, char **argv, const char *name);
bool th_cli_flag(int *argc, char **argv, const char *name);
/* What is left after the options: 2 and a message when there is anything. */
int th_cli_no_more(int argc, char **argv);
/* --config FILE, the environment, defaults; sets up the log. Prints what is wrong. */
struct th_conf *th_cli_conf(int *argc, char **argv);
struct th_conf *th_cli_conf_at(const char *path);
void th_cli_log(const struct th_conf *conf);
/* The folder with lua/, plugins/, migrations/: `home`, or found beside the program. Prints what is wrong. */
const char *th_cli_home(const struct th_conf *conf, struct th_arena *arena);
int th_cli_failed(const struct th_error *err);

#endif
