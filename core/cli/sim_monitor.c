/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sim_monitor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"

#define REPLY_MS 10000
#define MAX_BACKOFF_MS 30000
#define DUSTY 75.0

void th_sim_monitor_say(const struct th_sim_monitor *d, const char *fmt, ...)
{
    char stamp[16];
    time_t now = time(NULL);
    struct tm tm;
    va_list args;

    if (d->quiet)
        return;
    strftime(stamp, sizeof(stamp), "%H:%M:%S", localtime_r(&now, &tm));
    printf("%s  %-7s ", stamp, d->member->key);
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    putchar('\n');
    fflush(stdout);
}

bool th_sim_monitor_publish(struct th_sim_monitor *d, const char *tail, struct th_str payload)
{
    char topic[400];

    snprintf(topic, sizeof(topic), "%s/%s/%s", TH_SIM_PRODUCT, d->member->key, tail);
    return th_sim_conn_publish(d->conn, topic, payload, 1, NULL);
}

static int64_t within(struct th_sim_monitor *d, double min_s, double max_s)
{
    return (int64_t)(1000 * (min_s + (max_s - min_s) * th_sim_air_chance(&d->air)));
}

static void send_report(struct th_sim_monitor *d, int64_t now_ms, bool all)
{
    bool ask = d->asked == 0 && th_sim_air_chance(&d->air) < 0.2;
    struct th_buf text = {0};

    th_buf_printf(&text, "{\"id\":\"%lld\",\"params\":", (long long)++d->number);
    th_sim_air_put(&d->air, &text, all);
    th_buf_printf(&text, ",\"ack\":%d}", ask);
    if (th_sim_monitor_publish(d, "thing/event/property/post", th_buf_view(&text)) && ask) {
        d->asked = d->number;
        d->asked_ms = now_ms;
    }
    th_buf_free(&text);
}

void th_sim_monitor_report(struct th_sim_monitor *d, int64_t now_ms)
{
    send_report(d, now_ms, true);
}

/* What was measured without a connection, as one batch with its own times. */
static void send_late(struct th_sim_monitor *d)
{
    struct th_buf text = {0};

    if (d->late_count == 0)
        return;
    th_buf_printf(&text, "{\"id\":\"%lld\",\"params\":[", (long long)++d->number);
    for (int i = 0; i < d->late_count; i++) {
        th_buf_printf(&text, "%s{\"time\":%lld,\"params\":", i > 0 ? "," : "", (long long)d->late[i].ms);
        th_buf_str(&text, th_buf_view(&d->late[i].params));
        th_buf_puts(&text, "}");
    }
    th_buf_puts(&text, "],\"ack\":0}");
    if (th_sim_monitor_publish(d, "thing/event/property/post", th_buf_view(&text))) {
        th_sim_monitor_say(d, "sent %d late samples", d->late_count);
        d->late_count = 0;
    }
    th_buf_free(&text);
}

static void keep_late(struct th_sim_monitor *d, int64_t now_ms)
{
    if (d->late_count == TH_SIM_LATE_MAX) {
        struct th_buf oldest = d->late[0].params;

        memmove(&d->late[0], &d->late[1], sizeof(d->late[0]) * (TH_SIM_LATE_MAX - 1));
        d->late[--d->late_count].params = oldest;
    }
    th_buf_reset(&d->late[d->late_count].params);
    th_sim_air_put(&d->air, &d->late[d->late_count].params, false);
    d->late[d->late_count++].ms = now_ms;
}

static void send_event(struct th_sim_monitor *d, const char *type, const char *params)
{
    struct th_buf text = {0};
    char tail[80];

    snprintf(tail, sizeof(tail), "thing/event/%s/post", type);
    th_buf_printf(&text, "{\"id\":\"%lld\",\"params\":%s,\"ack\":0}", (long long)++d->number, params);
    th_sim_monitor_publish(d, tail, th_buf_view(&text));
    th_buf_free(&text);
    th_sim_monitor_say(d, "event %s %s", type, params);
}

static void send_events(struct th_sim_monitor *d)
{
    char params[96];

    if (!d->dusty && d->air.pm25 > DUSTY) {
        d->dusty = true;
        snprintf(params, sizeof(params), "{\"pm25\":%.1f,\"limit\":%.0f}", d->air.pm25, DUSTY);
        send_event(d, "alarm_local", params);
    }
    if (d->air.pm25 < DUSTY * 0.6)
        d->dusty = false;
    if (th_sim_air_chance(&d->air) < 0.02) {
        snprintf(params, sizeof(params), "{\"presses\":%d}", th_sim_air_chance(&d->air) < 0.8 ? 1 : 2);
        send_event(d, "button", params);
    }
    if (th_sim_air_chance(&d->air) < 0.004) {
        snprintf(params, sizeof(params), "{\"sensor\":\"temperature\",\"offset\":%.2f}", -d->air.drift);
        d->air.drift = 0;
        send_event(d, "calibrated", params);
    }
}

static void on_up(void *arg)
{
    struct th_sim_monitor *d = arg;

    th_sim_monitor_say(d, d->was_up ? "connected again" : "connected (%s)", d->member->place);
    d->connecting = d->refused = d->told_all = false;
    d->was_up = true;
    d->backoff_ms = 0;
    d->report_at = 0;
    d->drop_at = th_clock_ms() + within(d, 120, 900);
}

/* After a dropout of its own making back_at is set already; else it backs off. */
static void on_down(void *arg, bool refused, const char *why)
{
    struct th_sim_monitor *d = arg;
    int64_t now = th_clock_ms();

    d->connecting = false;
    d->refused = refused;
    d->asked = 0;
    snprintf(d->why, sizeof(d->why), "%s", why);
    if (d->back_at > now)
        return;
    d->backoff_ms = d->backoff_ms == 0 ? 1000 : d->backoff_ms * 2;
    if (d->backoff_ms > MAX_BACKOFF_MS)
        d->backoff_ms = MAX_BACKOFF_MS;
    d->back_at = now + d->backoff_ms;
    th_sim_monitor_say(
        d, "%s: %s; next try in %lld s", refused ? "refused" : "lost", why, (long long)d->backoff_ms / 1000);
}

static void on_message(void *arg, struct th_str topic, struct th_str payload)
{
    th_sim_monitor_receive(arg, topic, payload);
}

static const struct th_sim_events events = {.on_up = on_up, .on_down = on_down, .on_message = on_message};

void th_sim_monitor_init(struct th_sim_monitor *d, const struct th_sim_member *member, unsigned number,
    struct th_sim_net *net, bool quiet)
{
    static const char will[] = "{\"id\":\"will\",\"params\":{\"reason\":\"connection lost\"},\"ack\":0}";
    char topic[200];

    *d = (struct th_sim_monitor){.member = member, .quiet = quiet, .has_will = number % 2 == 0};
    d->start_ms = th_clock_ms();
    th_sim_air_init(&d->air, number, d->start_ms);
    d->number = d->start_ms; /* ids that do not come again after a restart */
    d->conn = th_sim_conn_new(net, TH_SIM_PRODUCT, member->key, member->secret, 20, &events, d);
    if (d->has_will) {
        snprintf(topic, sizeof(topic), "%s/%s/thing/event/lost/post", TH_SIM_PRODUCT, member->key);
        mosquitto_will_set(d->conn->m, topic, (int)sizeof(will) - 1, will, 1, false);
    }
}

void th_sim_monitor_free(struct th_sim_monitor *d)
{
    for (int i = 0; i < TH_SIM_LATE_MAX; i++)
        th_buf_free(&d->late[i].params);
}

static void drop_out(struct th_sim_monitor *d, int64_t now_ms)
{
    bool clean = d->rebooting || th_sim_air_chance(&d->air) < 0.4;

    d->back_at = now_ms + (d->rebooting ? 3000 : within(d, 5, 45));
    d->rebooting = false;
    th_sim_monitor_say(d, "%s, back in %lld s",
        clean         ? "disconnects"
        : d->has_will ? "loses power (has a will)"
                      : "loses power",
        (long long)(d->back_at - now_ms) / 1000);
    if (clean)
        th_sim_conn_stop(d->conn);
    else
        th_sim_conn_cut(d->conn);
}

static void start(struct th_sim_monitor *d)
{
    struct th_error err;

    d->connecting = true;
    if (th_sim_conn_start(d->conn, &err) != 0)
        on_down(d, false, err.msg);
}

void th_sim_monitor_step(struct th_sim_monitor *d, int64_t now_ms)
{
    if (!d->conn->up && !d->connecting && now_ms >= d->back_at)
        start(d);
    if (d->asked != 0 && now_ms - d->asked_ms > REPLY_MS) {
        th_sim_monitor_say(d, "no reply to report %lld", (long long)d->asked);
        d->replies_missing++;
        d->asked = 0;
    }
    if (now_ms < d->report_at)
        return;
    d->report_at = now_ms + d->air.reporting_interval * 1000;
    th_sim_air_step(&d->air, now_ms);
    if (!d->conn->up) {
        if (d->was_up)
            keep_late(d, now_ms);
        return;
    }
    send_late(d);
    send_report(d, now_ms, !d->told_all);
    d->told_all = true;
    send_events(d);
    if (now_ms >= d->drop_at)
        drop_out(d, now_ms);
}
