/* SPDX-License-Identifier: Apache-2.0
 *
 * The air of a room and the device that measures it: pure arithmetic, no clock of its own, no I/O. */
#ifndef TH_CLI_SIM_AIR_H
#define TH_CLI_SIM_AIR_H

#include <stdbool.h>
#include <stdint.h>
#include "base/json.h"
#include "base/str.h"

struct th_sim_air {
    /* measured */
    double temperature; /* degrees Celsius */
    double humidity;    /* percent */
    double pm25;        /* micrograms per cubic metre */
    double co2;         /* ppm */
    double battery;     /* percent */
    /* set from outside */
    int fan_speed; /* 0 to 3 */
    bool led;
    int reporting_interval; /* seconds, 1 to 3600 */
    /* inside */
    unsigned short seed[3];
    double drift; /* of the temperature sensor */
    double spike; /* particles of someone's cooking, decaying */
    bool charging;
    int64_t at_ms;
};

void th_sim_air_init(struct th_sim_air *a, unsigned number, int64_t now_ms);
/* Moves the room on to this time. */
void th_sim_air_step(struct th_sim_air *a, int64_t now_ms);
/* 0 to 1, from the room's own sequence. */
double th_sim_air_chance(struct th_sim_air *a);
/* Writes {"temperature":..,...}; all: the settings too. */
void th_sim_air_put(const struct th_sim_air *a, struct th_buf *out, bool all);
/* NULL, or why the value is refused; nothing is changed then. */
const char *th_sim_air_check(struct th_str name, const struct th_json_node *value);
/* A value that th_sim_air_check() had nothing against. */
void th_sim_air_set(struct th_sim_air *a, struct th_str name, const struct th_json_node *value);

#endif
