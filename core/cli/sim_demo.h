/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TH_CLI_SIM_DEMO_H
#define TH_CLI_SIM_DEMO_H

#include "base/err.h"
#include "cli/sim_options.h"

/* Runs until a signal comes. Fails when the API or the broker does not answer at the start, or the broker
 * refuses every device; later on it goes on trying. */
int th_sim_demo(const struct th_sim_options *o, struct th_error *err) TH_MUST_CHECK;

#endif
