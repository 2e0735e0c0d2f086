/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sim.h"

#include <stdio.h>
#include <string.h>
#include "cli/sim_demo.h"
#include "cli/sim_load.h"
#include "cli/sim_net.h"
#include "cli/sim_options.h"

struct mode {
    const char *name;
    int (*read)(struct th_sim_options *o, int argc, char **argv, struct th_error *err);
    int (*run)(const struct th_sim_options *o, struct th_error *err);
};

static const struct mode modes[] = {
    {"demo", th_sim_options_demo, th_sim_demo},
    {"load", th_sim_options_load, th_sim_load},
};

static int run_mode(const struct mode *mode, int argc, char **argv)
{
    struct th_sim_options o;
    struct th_error err = {0};
    int status = 0;

    if (mode->read(&o, argc, argv, &err) != 0) {
        fprintf(stderr, "thingd sim %s: %s (thingd sim --help tells more)\n", mode->name, err.msg);
        status = 2;
    } else {
        th_sim_stop_on_signals();
        if (mode->run(&o, &err) != 0 && !th_sim_stopping()) {
            fprintf(stderr, "thingd sim %s: %s\n", mode->name, err.msg);
            status = 1;
        }
    }
    th_sim_options_free(&o);
    return status;
}

int th_cli_sim(int argc, char **argv)
{
    if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        fputs(th_sim_usage, stdout);
        return 0;
    }
    for (size_t i = 0; argc >= 2 && i < sizeof(modes) / sizeof(modes[0]); i++)
        if (strcmp(argv[1], modes[i].name) == 0)
            return run_mode(&modes[i], argc - 2, argv + 2);
    fputs(th_sim_usage, stderr);
    return 2;
}
