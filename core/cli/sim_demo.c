/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sim_demo.h"

#include <stdio.h>
#include "base/alloc.h"
#include "base/clock.h"
#include "cli/sim_fleet.h"
#include "cli/sim_monitor.h"
#include "cli/sim_net.h"

#define TURN_MS 100
#define LEAVE_MS 1000

static int open_fleet(struct th_sim_fleet *fleet, const struct th_sim_options *o, struct th_error *err)
{
    struct th_client api = {.server = o->api, .token = o->token, .stopping = th_sim_stopping};
    int code = th_client_open(&api, err);

    if (code != 0)
        return code;
    code = th_sim_fleet_open(fleet, &api, o->devices, o->state, err);
    th_client_close(&api);
    return code;
}

/* All were refused and none was ever in: the secrets are not those of this database, or the hooks do not
 * work. */
static bool hopeless(const struct th_sim_monitor *monitors, int count)
{
    for (int i = 0; i < count; i++)
        if (!monitors[i].refused || monitors[i].was_up)
            return false;
    return true;
}

static void leave(struct th_sim_net *net, struct th_sim_monitor *monitors, int count)
{
    int64_t deadline = th_clock_ms() + LEAVE_MS;
    bool waiting = true;

    for (int i = 0; i < count; i++) {
        monitors[i].quiet = true;
        if (monitors[i].conn->up)
            th_sim_conn_stop(monitors[i].conn);
    }
    while (waiting && th_clock_ms() < deadline) {
        th_sim_net_turn(net, 20);
        waiting = false;
        for (int i = 0; i < count; i++)
            waiting = waiting || monitors[i].conn->up;
    }
}

static void say_summary(const struct th_sim_monitor *monitors, int count)
{
    long long replies = 0, bad = 0, missing = 0, commands = 0;

    for (int i = 0; i < count; i++) {
        replies += monitors[i].replies;
        bad += monitors[i].replies_bad;
        missing += monitors[i].replies_missing;
        commands += monitors[i].commands;
    }
    printf("%d devices: %lld replies (%lld not 2xx), %lld missing; %lld commands done\n", count, replies, bad,
        missing, commands);
}

static int run(struct th_sim_net *net, struct th_sim_monitor *monitors, int count, struct th_error *err)
{
    while (!th_sim_stopping()) {
        int64_t now = th_clock_ms();

        for (int i = 0; i < count; i++)
            th_sim_monitor_step(&monitors[i], now);
        th_sim_net_turn(net, TURN_MS);
        if (hopeless(monitors, count))
            return th_fail(err, TH_EAUTH,
                "the broker refuses every device (%s): is this its state file, and do the "
                "broker's hooks reach thingd?",
                monitors[0].why);
    }
    return 0;
}

int th_sim_demo(const struct th_sim_options *o, struct th_error *err)
{
    struct th_sim_monitor *monitors = NULL;
    struct th_sim_fleet fleet = {0};
    struct th_sim_net net;
    int code = th_sim_net_open(&net, o->host, o->port, err);

    if (code != 0)
        return code;
    code = open_fleet(&fleet, o, err);
    if (code == 0) {
        monitors = th_calloc((size_t)fleet.count, sizeof(monitors[0]));
        for (int i = 0; i < fleet.count; i++)
            th_sim_monitor_init(&monitors[i], &fleet.members[i], (unsigned)i, &net, o->quiet);
        code = run(&net, monitors, fleet.count, err);
        leave(&net, monitors, fleet.count);
        if (code == 0 && !o->quiet)
            say_summary(monitors, fleet.count);
        for (int i = 0; i < fleet.count; i++)
            th_sim_monitor_free(&monitors[i]);
    }
    th_sim_net_close(&net);
    th_free(monitors);
    th_sim_fleet_free(&fleet);
    return code;
}
