/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sim_air.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#define MAX_STEP_SECONDS 300.0

double th_sim_air_chance(struct th_sim_air *a)
{
    return erand48(a->seed);
}

static double noise(struct th_sim_air *a, double width)
{
    return (erand48(a->seed) + erand48(a->seed) - 1) * width;
}

static double hour_of(int64_t ms)
{
    time_t s = (time_t)(ms / 1000);
    struct tm tm;

    localtime_r(&s, &tm);
    return tm.tm_hour + tm.tm_min / 60.0 + tm.tm_sec / 3600.0;
}

/* 0 to 1: a hill around the hour `top`, `width` hours to each side. */
static double hill(double hour, double top, double width)
{
    double away = fabs(hour - top);

    if (away > 12)
        away = 24 - away;
    return exp(-away * away / (2 * width * width));
}

static double toward(double value, double target, double seconds, double time_constant)
{
    return target + (value - target) * exp(-seconds / time_constant);
}

void th_sim_air_init(struct th_sim_air *a, unsigned number, int64_t now_ms)
{
    double hour = hour_of(now_ms);

    *a = (struct th_sim_air){
        .temperature = 21, .humidity = 45, .pm25 = 8, .reporting_interval = 5, .led = true};
    a->seed[0] = (unsigned short)(number * 7919 + 17);
    a->seed[1] = (unsigned short)now_ms;
    a->seed[2] = (unsigned short)(now_ms >> 16);
    a->battery = 40 + 60 * erand48(a->seed);
    a->temperature = 20.5 + 2.5 * sin((hour - 9) / 24 * 2 * M_PI) + noise(a, 1.5);
    a->humidity = 48 - 1.5 * (a->temperature - 21) + noise(a, 4);
    a->co2 = 430 + 600 * hill(hour, 13, 3.5) + noise(a, 40);
    a->at_ms = now_ms;
}

static void step_battery(struct th_sim_air *a, double seconds)
{
    a->battery += seconds * (a->charging ? 0.05 : -0.004 - 0.004 * a->fan_speed);
    if (a->battery < 12)
        a->charging = true;
    if (a->battery >= 100)
        a->charging = false;
    a->battery = fmin(fmax(a->battery, 0), 100);
}

void th_sim_air_step(struct th_sim_air *a, int64_t now_ms)
{
    double seconds = fmin((double)(now_ms - a->at_ms) / 1000, MAX_STEP_SECONDS);
    double hour = hour_of(now_ms);
    double people = hill(hour, 10.5, 1.5) + hill(hour, 15, 2);
    double traffic = hill(hour, 8, 1) + 1.3 * hill(hour, 18, 1.2);

    if (seconds <= 0)
        return;
    a->at_ms = now_ms;
    a->drift = fmin(fmax(a->drift + noise(a, 0.002) * sqrt(seconds), -1.5), 1.5);
    a->temperature =
        toward(a->temperature, 20.5 + 2.5 * sin((hour - 9) / 24 * 2 * M_PI) + 0.6 * people, seconds, 600) +
        noise(a, 0.05);
    a->humidity =
        toward(a->humidity, 48 - 1.5 * (a->temperature - 21) + 3 * people, seconds, 600) + noise(a, 0.2);
    a->humidity = fmin(fmax(a->humidity, 15), 95);
    a->co2 = toward(a->co2, 430 + 550 * people / (1 + 0.5 * a->fan_speed), seconds, 400) + noise(a, 6);
    if (erand48(a->seed) < seconds / 2400)
        a->spike += 40 + 90 * erand48(a->seed);
    a->spike = toward(a->spike, 0, seconds, 240.0 / (1 + a->fan_speed));
    a->pm25 = toward(a->pm25, (6 + 12 * traffic) / (1 + 0.4 * a->fan_speed) + a->spike, seconds, 40) +
              noise(a, 0.4);
    a->pm25 = fmax(a->pm25, 0.5);
    step_battery(a, seconds);
}

void th_sim_air_put(const struct th_sim_air *a, struct th_buf *out, bool all)
{
    th_buf_printf(out,
        "{\"temperature\":%.2f,\"humidity\":%.1f,\"pm25\":%.1f,\"co2\":%.0f,\"battery\":%.0f,"
        "\"fan_speed\":%d",
        a->temperature + a->drift, a->humidity, a->pm25, a->co2, a->battery, a->fan_speed);
    if (all)
        th_buf_printf(
            out, ",\"led\":%s,\"reporting_interval\":%d", a->led ? "true" : "false", a->reporting_interval);
    th_buf_puts(out, "}");
}

static bool whole_within(const struct th_json_node *value, int64_t min, int64_t max)
{
    int64_t v;

    return th_json_int(value, &v) && v >= min && v <= max;
}

const char *th_sim_air_check(struct th_str name, const struct th_json_node *value)
{
    if (th_str_eq(name, TH_STR("fan_speed")))
        return whole_within(value, 0, 3) ? NULL : "fan_speed is 0 to 3";
    if (th_str_eq(name, TH_STR("reporting_interval")))
        return whole_within(value, 1, 3600) ? NULL : "reporting_interval is 1 to 3600 seconds";
    if (th_str_eq(name, TH_STR("led")))
        return value->type == TH_JSON_BOOL ? NULL : "led is true or false";
    return "no such setting";
}

void th_sim_air_set(struct th_sim_air *a, struct th_str name, const struct th_json_node *value)
{
    int64_t v = 0;

    if (th_str_eq(name, TH_STR("led"))) {
        a->led = value->truth;
        return;
    }
    th_json_int(value, &v);
    if (th_str_eq(name, TH_STR("fan_speed")))
        a->fan_speed = (int)v;
    else
        a->reporting_interval = (int)v;
}
