/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sim_load.h"

#include <stdio.h>
#include <string.h>
#include "base/alloc.h"
#include "base/clock.h"
#include "cli/sim_net.h"
#include "cli/sim_payload.h"

#define CONNECTING_AT_ONCE 128
#define CONNECT_MS 60000
#define RETRY_MS 1000
#define LAST_ACKS_MS 10000
#define BURST 4096 /* messages sent between two looks at the sockets */

struct device {
    struct load *load;
    struct th_sim_conn *conn;
    char *topic;
    int inflight;
    bool connecting;
    bool was_up;
    bool tried;
    int64_t retry_at;
};

struct load {
    const struct th_sim_options *o;
    struct th_sim_net net;
    struct th_sim_payload payload;
    struct th_buf scratch;
    struct device *devices;
    int count;
    int next; /* device whose turn it is */
    int connecting, up;
    int64_t sent, acked, failures, reconnects;
    char refusal[512]; /* the last reason a connection failed for */
};

static void on_up(void *arg)
{
    struct device *d = arg;

    d->load->connecting--;
    d->load->up++;
    d->connecting = false;
    if (d->was_up)
        d->load->reconnects++;
    d->was_up = true;
}

static void failed(struct device *d, const char *why)
{
    struct load *l = d->load;

    l->failures++;
    snprintf(l->refusal, sizeof(l->refusal), "%s", why);
    d->retry_at = th_clock_ms() + RETRY_MS;
}

static void on_down(void *arg, bool refused, const char *why)
{
    struct device *d = arg;
    struct load *l = d->load;

    if (d->connecting) {
        d->connecting = false;
        l->connecting--;
        failed(d, why);
    } else {
        l->up--;
        d->retry_at = th_clock_ms() + RETRY_MS;
    }
    if (l->o->qos == 0) /* above QoS 0 the library sends them again and their acknowledgements still come */
        d->inflight = 0;
}

static void on_acked(void *arg, int mid)
{
    struct device *d = arg;

    d->inflight--;
    d->load->acked++;
}

static const struct th_sim_events events = {.on_up = on_up, .on_down = on_down, .on_acked = on_acked};

static void add_device(struct load *l, const char *name, const char *key)
{
    struct device *d = &l->devices[l->count++];
    struct th_buf topic = {0};

    th_buf_printf(&topic, "%s/%s/thing/event/property/post", l->o->product, name);
    *d = (struct device){.load = l, .topic = topic.p};
    d->conn = th_sim_conn_new(&l->net, l->o->product, name, key, l->o->window, &events, d);
}

/* Lines of a device's name and its key, separated by blanks. */
static int add_from_file(struct load *l, const char *path, struct th_error *err)
{
    char line[1024], name[129], key[513];
    FILE *f = fopen(path, "re");
    int number = 0, cap = 0;

    if (f == NULL)
        return th_fail(err, TH_EIO, "cannot read %s: %m", path);
    while (fgets(line, sizeof(line), f) != NULL)
        cap++;
    rewind(f);
    l->devices = th_calloc((size_t)cap + 1, sizeof(l->devices[0]));
    while (fgets(line, sizeof(line), f) != NULL) {
        number++;
        if (sscanf(line, "%128s %512s", name, key) != 2 || !th_str_is_key(th_str(name))) {
            fclose(f);
            return th_fail(err, TH_EINVAL, "%s:%d: wants a device and its key", path, number);
        }
        add_device(l, name, key);
    }
    fclose(f);
    return l->count > 0 ? 0 : th_fail(err, TH_EINVAL, "%s names no device", path);
}

static int add_devices(struct load *l, struct th_error *err)
{
    char name[160];

    if (l->o->keys != NULL)
        return add_from_file(l, l->o->keys, err);
    l->devices = th_calloc((size_t)l->o->devices, sizeof(l->devices[0]));
    for (int i = 0; i < l->o->devices; i++) {
        snprintf(name, sizeof(name), "%s%d", l->o->prefix, i);
        add_device(l, name, l->o->key);
    }
    return 0;
}

static void connect_some(struct load *l)
{
    int64_t now = th_clock_ms();
    struct th_error err;

    if (l->up + l->connecting == l->count)
        return;
    for (int i = 0; i < l->count && l->connecting < CONNECTING_AT_ONCE; i++) {
        struct device *d = &l->devices[i];

        if (d->conn->up || d->connecting || now < d->retry_at)
            continue;
        d->tried = true;
        d->connecting = true;
        l->connecting++;
        if (th_sim_conn_start(d->conn, &err) != 0) {
            d->connecting = false;
            l->connecting--;
            failed(d, err.msg);
        }
    }
}

static bool send_one(struct load *l)
{
    for (int tries = 0; tries < l->count; tries++) {
        struct device *d = &l->devices[l->next];

        l->next = (l->next + 1) % l->count;
        if (!d->conn->up || d->inflight >= l->o->window)
            continue;
        d->inflight++; /* before the call: at QoS 0 the acknowledgement comes inside it */
        if (th_sim_conn_publish(
                d->conn, d->topic, th_sim_payload_make(&l->payload, l->sent, &l->scratch), l->o->qos, NULL)) {
            l->sent++;
            return true;
        }
        d->inflight--;
    }
    return false;
}

/* allowed: how many may have been sent by now. */
static int send_some(struct load *l, double allowed)
{
    int n = 0;

    while (n < BURST && (double)l->sent < allowed && send_one(l))
        n++;
    return n;
}

/* Until every device is up or was refused once. */
static int connect_all(struct load *l, struct th_error *err)
{
    int64_t deadline = th_clock_ms() + CONNECT_MS;
    bool waiting = true;

    while (waiting && !th_sim_stopping() && th_clock_ms() < deadline) {
        connect_some(l);
        th_sim_net_turn(&l->net, 20);
        waiting = l->connecting > 0;
        for (int i = 0; i < l->count && !waiting; i++)
            waiting = !l->devices[i].tried;
    }
    if (l->up == 0 && !th_sim_stopping())
        return th_fail(err, TH_EUNAVAIL, "no device could connect: %s",
            l->refusal[0] != '\0' ? l->refusal : "the broker did not answer");
    return 0;
}

static void say_second(struct load *l, int second, int64_t sent, int64_t acked)
{
    fprintf(l->o->json ? stderr : stdout,
        "%4d s  connected %d  sent %lld/s  acked %lld/s  failures %lld  reconnects %lld\n", second, l->up,
        (long long)(l->sent - sent), (long long)(l->acked - acked), (long long)l->failures,
        (long long)l->reconnects);
    fflush(l->o->json ? stderr : stdout);
}

/* Returns the seconds it took. */
static double send_for(struct load *l)
{
    uint64_t start = th_clock_mono_us(), now = start, end = start + (uint64_t)l->o->seconds * 1000000;
    int64_t sent = 0, acked = 0;
    int second = 0;

    while (now < end && !th_sim_stopping()) {
        double allowed = l->o->rate > 0 ? l->o->rate * (double)(now - start) / 1e6 : 1e18;
        int n;

        connect_some(l);
        n = send_some(l, allowed);
        th_sim_net_turn(&l->net, n == BURST ? 0 : 1);
        now = th_clock_mono_us();
        if (now >= start + (uint64_t)(second + 1) * 1000000) {
            say_second(l, ++second, sent, acked);
            sent = l->sent;
            acked = l->acked;
        }
    }
    return (double)(now - start) / 1e6;
}

static void await_acks(struct load *l)
{
    int64_t deadline = th_clock_ms() + LAST_ACKS_MS;

    while (l->acked < l->sent && th_clock_ms() < deadline && !th_sim_stopping()) {
        connect_some(l);
        th_sim_net_turn(&l->net, 20);
    }
}

static void say_summary(const struct load *l, double seconds)
{
    const char *form =
        l->o->json ? "{\"devices\":%d,\"connected\":%d,\"qos\":%d,\"seconds\":%.3f,\"sent\":%lld,"
                     "\"acked\":%lld,\"connect_failures\":%lld,\"reconnects\":%lld,\"rate\":%.1f}\n"
                   : "devices %d, connected %d, QoS %d, %.1f s: sent %lld, acked %lld, connect failures "
                     "%lld, reconnects %lld, %.0f messages/s\n";

    printf(form, l->count, l->up, l->o->qos, seconds, (long long)l->sent, (long long)l->acked,
        (long long)l->failures, (long long)l->reconnects, seconds > 0 ? (double)l->sent / seconds : 0.0);
    fflush(stdout);
}

static void leave(struct load *l)
{
    int64_t deadline = th_clock_ms() + 1000;

    for (int i = 0; i < l->count; i++)
        if (l->devices[i].conn->up)
            th_sim_conn_stop(l->devices[i].conn);
    while (l->up > 0 && th_clock_ms() < deadline)
        th_sim_net_turn(&l->net, 20);
}

int th_sim_load(const struct th_sim_options *o, struct th_error *err)
{
    struct load l = {.o = o};
    int code = th_sim_payload_open(&l.payload, o->payload, err);

    if (code != 0)
        return code;
    code = th_sim_net_open(&l.net, o->host, o->port, err);
    if (code != 0) {
        th_sim_payload_close(&l.payload);
        return code;
    }
    code = add_devices(&l, err);
    if (code == 0)
        code = connect_all(&l, err);
    if (code == 0) {
        double seconds = send_for(&l);

        await_acks(&l);
        say_summary(&l, seconds);
        leave(&l);
    }
    th_sim_net_close(&l.net);
    for (int i = 0; i < l.count; i++)
        th_free(l.devices[i].topic);
    th_free(l.devices);
    th_buf_free(&l.scratch);
    th_sim_payload_close(&l.payload);
    return code;
}
