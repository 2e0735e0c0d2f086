/* SPDX-License-Identifier: Apache-2.0
 *
 * `thingd sim`: simulated devices that speak real MQTT to a real broker. A client program: it shares nothing
 * with the server but base/ and sec/password.h, and runs in one thread. */
#ifndef TH_CLI_SIM_H
#define TH_CLI_SIM_H

/* argv[0] is the word `sim`. Returns the process's exit status: 0, 1 (it could not do what was asked; the
 * reason is on standard error), 2 (wrong arguments). Ends early, in order, on SIGINT or SIGTERM. */
int th_cli_sim(int argc, char **argv);

#endif
