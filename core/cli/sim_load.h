/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TH_CLI_SIM_LOAD_H
#define TH_CLI_SIM_LOAD_H

#include "base/err.h"
#include "cli/sim_options.h"

/* Connects all devices, sends for o->seconds, waits for what is unacknowledged, says the figures. Fails when
 * no device could connect. */
int th_sim_load(const struct th_sim_options *o, struct th_error *err) TH_MUST_CHECK;

#endif
