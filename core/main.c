/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/sim.h"

static int help(int argc, char **argv);

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *what;
} commands[] = {
    {"serve", th_cli_serve, "run the server"},
    {"migrate", th_cli_migrate, "bring the database up to this version; makes the master key on first use"},
    {"check-config", th_cli_check_config,
        "print the configuration in force, or --sample: every key explained"},
    {"broker-config", th_cli_broker_config, "write the broker's configuration: --out FOLDER"},
    {"token", th_cli_token, "create --name NAME --role ROLE: a new API token, printed once"},
    {"doctor", th_cli_doctor, "look at all that a running system needs and say what is wrong"},
    {"lua", th_cli_lua, "test FILE|FOLDER...: run the tests that stand in product scripts"},
    {"sim", th_cli_sim, "simulated devices: demo, load"},
    {"help", help, "this text"},
};
#define COMMANDS (sizeof commands / sizeof *commands)

static int help(int argc, char **argv)
{
    puts("usage: thingd COMMAND [--config FILE] [options]\n");
    for (size_t i = 0; i < COMMANDS; i++)
        printf("  %-14s %s\n", commands[i].name, commands[i].what);
    return 0;
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < COMMANDS; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    if (argc > 1)
        fprintf(stderr, "thingd: there is no command \"%s\". Try `thingd help`.\n", argv[1]);
    else
        help(argc, argv);
    return 2;
}
