/* SPDX-License-Identifier: Apache-2.0
 *
 * One simulated air monitor: what it reports, when it drops out, how it answers. */
#ifndef TH_CLI_SIM_MONITOR_H
#define TH_CLI_SIM_MONITOR_H

#include <stdbool.h>
#include <stdint.h>
#include "cli/sim_air.h"
#include "cli/sim_fleet.h"
#include "cli/sim_net.h"

#define TH_SIM_LATE_MAX 60 /* samples kept while offline; the oldest go first */
#define TH_SIM_ANSWERED 16 /* commands remembered, so that one sent twice is done once */

struct th_sim_monitor {
    const struct th_sim_member *member;
    struct th_sim_conn *conn;
    struct th_sim_air air;
    bool quiet;
    bool has_will;
    bool connecting, was_up;
    bool told_all; /* the settings were reported on this connection */
    int64_t start_ms;
    int64_t report_at;  /* next property post */
    int64_t drop_at;    /* next dropout */
    int64_t back_at;    /* while down: when it tries again */
    int64_t backoff_ms; /* after tries that failed */
    int64_t number;     /* of the last message, its id */
    bool rebooting;
    bool dusty;    /* alarm_local was sent and the air is not clean again */
    int64_t asked; /* number of a report that wants a reply, 0: none */
    int64_t asked_ms;
    int64_t replies, replies_bad, replies_missing, commands;
    bool refused; /* the broker refused the last try */
    char why[512];
    struct {
        int64_t ms;
        struct th_buf params;
    } late[TH_SIM_LATE_MAX];
    int late_count;
    struct {
        uint64_t id; /* hash of the command's id */
        int code;
    } answered[TH_SIM_ANSWERED];
    int answered_next;
};

void th_sim_monitor_init(struct th_sim_monitor *d, const struct th_sim_member *member, unsigned number,
    struct th_sim_net *net, bool quiet);
void th_sim_monitor_free(struct th_sim_monitor *d);
/* Does what is due. */
void th_sim_monitor_step(struct th_sim_monitor *d, int64_t now_ms);

/* Publishes at QoS 1 to PRODUCT/DEVICE/tail. */
bool th_sim_monitor_publish(struct th_sim_monitor *d, const char *tail, struct th_str payload);
/* A property post now, the settings included. */
void th_sim_monitor_report(struct th_sim_monitor *d, int64_t now_ms);
void th_sim_monitor_say(const struct th_sim_monitor *d, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* sim_answer.c: a message from the platform. */
void th_sim_monitor_receive(struct th_sim_monitor *d, struct th_str topic, struct th_str payload);

#endif
