/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cli/cli.h"
#include "cli/sim.h"

/* What they are for stands in lua/thing/cli/programs.lua. */
static const struct th_cli_program programs[] = {
    {"serve", th_cli_serve, false},
    {"migrate", th_cli_migrate, false},
    {"check-config", th_cli_check_config, false},
    {"broker-config", th_cli_broker_config, false},
    {"doctor", th_cli_doctor, false},
    {"sim", th_cli_sim, false},
    {"token", th_cli_token, true},
    {"user", th_cli_user, true},
    {NULL, NULL, false},
};

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 2; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

int main(int argc, char **argv)
{
    if (argc > 1 && !asks_for_help(argc, argv))
        for (const struct th_cli_program *p = programs; p->name != NULL; p++)
            if (!p->front && strcmp(argv[1], p->name) == 0)
                return p->run(argc - 1, argv + 1);
    return th_cli_front(programs, argc, argv);
}
