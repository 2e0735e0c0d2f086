/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TH_CLI_SIM_OPTIONS_H
#define TH_CLI_SIM_OPTIONS_H

#include <stdbool.h>
#include "base/alloc.h"
#include "base/err.h"

/* Arguments of both modes; what a mode does not know is refused. Strings lie in argv or in the arena. */
struct th_sim_options {
    struct th_arena arena;
    /* both */
    char *host; /* --mqtt HOST:PORT */
    int port;
    int devices;
    /* demo */
    const char *api;
    const char *token;
    const char *state;
    bool quiet;
    /* load */
    const char *product;
    const char *prefix;
    const char *key;
    const char *keys;
    const char *payload;
    double rate; /* messages per second of all devices together; 0: as fast as the acknowledgements allow */
    int window;  /* unacknowledged messages per device */
    int qos;
    int seconds;
    bool json;
};

/* Reads the arguments after the mode's word. err->msg is fit for a person. Free the options in any case. */
int th_sim_options_demo(struct th_sim_options *o, int argc, char **argv, struct th_error *err) TH_MUST_CHECK;
int th_sim_options_load(struct th_sim_options *o, int argc, char **argv, struct th_error *err) TH_MUST_CHECK;

void th_sim_options_free(struct th_sim_options *o);

extern const char th_sim_usage[];

#endif
