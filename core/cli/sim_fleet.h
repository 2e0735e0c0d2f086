/* SPDX-License-Identifier: Apache-2.0
 *
 * The demo's product and devices as thingd knows them, and their secrets as the state file knows them. */
#ifndef TH_CLI_SIM_FLEET_H
#define TH_CLI_SIM_FLEET_H

#include "base/err.h"
#include "cli/client.h"

#define TH_SIM_PRODUCT "air-monitor"

struct th_sim_member {
    char key[64];   /* "air-1" */
    char place[64]; /* where it hangs; its name in the dashboard */
    char *secret;
};

struct th_sim_fleet {
    struct th_sim_member *members;
    int count;
};

/* Makes what is missing. The state file is written after each device made, so that no secret is lost. */
int th_sim_fleet_open(struct th_sim_fleet *f, struct th_client *api, int count, const char *state_file,
    struct th_error *err) TH_MUST_CHECK;
void th_sim_fleet_free(struct th_sim_fleet *f);

#endif
