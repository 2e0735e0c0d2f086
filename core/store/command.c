/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/conf.h"
#include "base/log.h"
#include "io/broker.h"
#include "store/command.h"
#include "store/live.h"

/* What is due: of one name at a time, since each name has its topic. $2: start of the device's connection in
 * ms; what was sent before it and not answered is due again. $3: also what was put back for a while. */
static const char due_sql[] = "select name from command where device_id = $1 and expires_at > now()"
                              " and (claimed_until is null or claimed_until < now())"
                              " and (state = 'queued' or sent_at < th_time($2))"
                              " and ($3::boolean or next_at <= now()) order by next_at > now(), id limit 1";

static const char claim_sql[] =
    "with due as (select id, message_id from command where device_id = $1 and name = $3 and expires_at > "
    "now()"
    "   and (claimed_until is null or claimed_until < now()) and (state = 'queued' or sent_at < th_time($2))"
    "   order by id limit 100 for update skip locked),"
    " grp as (select min(id)::text g from due where message_id is null),"
    " claimed as (update command c set claimed_until = now() + $4::bigint * interval '1 millisecond', "
    "attempts = attempts + 1,"
    "  message_id = coalesce(c.message_id, case when c.name = 'property' then (select g from grp) else "
    "c.id::text end)"
    " from due where c.id = due.id returning c.message_id, c.id, c.params, c.attempts)"
    " select message_id, id, params, attempts from claimed order by message_id, id";

static const char sent_sql[] =
    "update command set state = 'sent', sent_at = now(), claimed_until = null where id = any ($1::bigint[])";

static const char put_back_sql[] = "update command set state = 'queued', claimed_until = null,"
                                   " next_at = now() + $2::bigint * interval '1 millisecond'"
                                   " where id = any ($1::bigint[])";

static const char not_now_sql[] =
    "update command set next_at = now() + interval '30 seconds' where device_id = $1 and state = 'queued'";

/* The subscribe hook comes before the subscription exists, so the list is asked a few times. */
static const int64_t retry_ms[] = {100, 300, 1000, 3000};
#define RETRIES (sizeof retry_ms / sizeof *retry_ms)
#define MAX_DISPATCHES 1000

struct th_commands {
    struct th_store *store;
    struct th_list active; /* struct dispatch; one per device */
    unsigned count;
    bool stopping;
};

struct dispatch {
    struct th_list link;
    struct th_device_wait wait;
    struct th_store *store;
    struct th_device *device; /* a reference, once known */
    uv_timer_t timer;
    int64_t device_id;
    char *key;
    char name[129];
    unsigned tries;
    bool again;      /* woken while under way */
    bool put_back;   /* something could not be sent now: it waits, the rest goes on */
    unsigned flying; /* publishes not yet recorded */
};

/* Commands that leave as one message. */
struct parcel {
    struct dispatch *dispatch;
    struct th_arena arena;
    struct th_str topic, payload;
    struct th_buf ids; /* array text */
    bool resent;
    unsigned count;
};

static void ask_due(struct dispatch *d);

static void on_closed(uv_handle_t *handle)
{
    struct dispatch *d = handle->data;
    th_free(d->key);
    th_free(d);
}

static void end(struct dispatch *d)
{
    struct th_commands *c = d->store->commands;
    if (d->again && !c->stopping) {
        d->again = d->put_back = false;
        d->tries = 0;
        ask_due(d);
        return;
    }
    th_list_remove(&d->link);
    c->count--;
    if (d->device != NULL)
        th_device_unref(d->device);
    d->device = NULL;
    uv_close((uv_handle_t *)&d->timer, on_closed);
    th_store_maybe_drained(d->store);
}

static const char *device_id_text(const struct dispatch *d, char text[24])
{
    snprintf(text, 24, "%lld", (long long)d->device_id);
    return text;
}

static void on_not_now(void *arg, const struct th_pg_outcome *o)
{
    end(arg);
}

static void not_now(struct dispatch *d)
{
    char id[24];
    const char *params[] = {device_id_text(d, id)};
    if (th_pg_query(d->store->w->pg, not_now_sql, true, 1, params, on_not_now, d, NULL) != 0)
        end(d);
}

static void on_retry(uv_timer_t *timer)
{
    ask_due(timer->data);
}

static void later(struct dispatch *d)
{
    if (d->tries >= RETRIES || d->store->commands->stopping)
        not_now(d);
    else
        uv_timer_start(&d->timer, on_retry, (uint64_t)retry_ms[d->tries++], 0);
}

static void parcel_recorded(struct parcel *p)
{
    struct dispatch *d = p->dispatch;
    th_buf_free(&p->ids);
    th_arena_free(&p->arena);
    th_free(p);
    if (--d->flying == 0)
        ask_due(d); /* more than one claim's worth, or another name */
}

static void on_recorded(void *arg, const struct th_pg_outcome *o)
{
    if (o->code != 0)
        th_warn("command_not_recorded", "error=\"%s\"", o->message);
    parcel_recorded(arg);
}

static void record(struct parcel *p, bool sent)
{
    const char *params[] = {th_buf_cstr(&p->ids), "5000"};
    p->dispatch->put_back |= !sent;
    if (th_pg_query(p->dispatch->store->w->pg, sent ? sent_sql : put_back_sql, true, sent ? 1 : 2, params,
            on_recorded, p, NULL) != 0)
        parcel_recorded(p); /* the lease ends by itself */
}

static void on_published(void *arg, int code)
{
    struct parcel *p = arg;
    struct th_metrics *metrics = p->dispatch->store->metrics;
    if (code == 0) {
        th_count_n(metrics, commands_sent, p->count);
        th_live_sent(p->dispatch->store, p->dispatch->device, th_buf_view(&p->ids));
        if (p->resent)
            th_count_n(metrics, commands_resent, p->count);
    } else {
        th_count_n(metrics, commands_failed_sends, p->count);
    }
    record(p, code == 0);
}

static void publish(struct parcel *p)
{
    struct dispatch *d = p->dispatch;
    struct th_publish publish = {
        .node = d->device->presence.node, .topic = p->topic, .payload = p->payload, .qos = 2};
    if (th_broker_publish(d->store->w, &publish, on_published, p) != 0)
        record(p, false);
}

static void on_listens(void *arg, int code, bool subscribed)
{
    struct parcel *p = arg;
    if (code == 0 && subscribed)
        publish(p);
    else
        record(p, false);
}

static void topic_of(const struct dispatch *d, struct th_buf *topic)
{
    bool property = strcmp(d->name, "property") == 0;
    th_buf_printf(topic, "%s/%s/thing/service/%s/%s", d->device->product->key, d->key, d->name,
        property ? "set" : "call");
}

/* That the device listens on the protocol's topic was asked before the claim; a script may name another. */
static void send_parcel(struct parcel *p)
{
    struct dispatch *d = p->dispatch;
    struct th_buf asked = {0};
    topic_of(d, &asked);
    bool known = th_str_eq(th_buf_view(&asked), p->topic);
    th_buf_free(&asked);
    if (known)
        publish(p);
    else if (th_broker_subscribed(
                 d->store->w, d->device->presence.node, th_str(d->key), p->topic, on_listens, p) != 0)
        record(p, false);
}

static void dispatch_parcel(struct dispatch *d, const PGresult *r, int first, int end_row)
{
    struct parcel *p = th_calloc(1, sizeof *p);
    unsigned n = (unsigned)(end_row - first);
    th_arena_init(&p->arena);
    struct th_outgoing *cmds = th_arena_zalloc(&p->arena, n * sizeof *cmds);
    p->dispatch = d;
    p->count = n;
    th_buf_putc(&p->ids, '{');
    for (unsigned i = 0; i < n; i++) {
        int row = first + (int)i;
        cmds[i].id = atoll(PQgetvalue(r, row, 1));
        cmds[i].name = th_str(d->name);
        cmds[i].params = th_str(PQgetvalue(r, row, 2));
        if (atoi(PQgetvalue(r, row, 3)) > 1)
            p->resent = true;
        th_buf_printf(&p->ids, "%s%lld", i > 0 ? "," : "", (long long)cmds[i].id);
    }
    th_buf_putc(&p->ids, '}');
    d->flying++;
    if (d->store->compose(
            d->store, d->device, cmds, n, th_str(PQgetvalue(r, first, 0)), &p->arena, &p->topic, &p->payload))
        send_parcel(p);
    else
        record(p, false);
}

static void on_claimed(void *arg, const struct th_pg_outcome *o)
{
    struct dispatch *d = arg;
    int rows = o->code == 0 ? PQntuples(o->res) : 0;
    if (rows == 0) {
        end(d); /* another instance has them, or PostgreSQL is away: the sweep comes back */
        return;
    }
    d->flying++; /* held until all are on their way */
    for (int first = 0; first < rows;) {
        int last = first + 1;
        while (last < rows && strcmp(PQgetvalue(o->res, last, 0), PQgetvalue(o->res, first, 0)) == 0)
            last++;
        dispatch_parcel(d, o->res, first, last);
        first = last;
    }
    if (--d->flying == 0)
        ask_due(d);
}

static void claim(struct dispatch *d)
{
    char id[24], connected[24], lease[24];
    snprintf(connected, sizeof connected, "%lld", (long long)d->device->presence.connected_at);
    snprintf(lease, sizeof lease, "%lld", (long long)d->store->conf->command_lease);
    const char *params[] = {device_id_text(d, id), connected, d->name, lease};
    if (th_pg_query(d->store->w->pg, claim_sql, true, 4, params, on_claimed, d, NULL) != 0)
        end(d);
}

static void on_subscribed(void *arg, int code, bool subscribed)
{
    struct dispatch *d = arg;
    if (code == 0 && subscribed)
        claim(d);
    else
        later(d);
}

static void on_due(void *arg, const struct th_pg_outcome *o)
{
    struct dispatch *d = arg;
    if (o->code != 0 || PQntuples(o->res) == 0) {
        end(d);
        return;
    }
    snprintf(d->name, sizeof d->name, "%s", PQgetvalue(o->res, 0, 0));
    struct th_buf topic = {0};
    topic_of(d, &topic);
    int rc = th_broker_subscribed(
        d->store->w, d->device->presence.node, th_str(d->key), th_buf_view(&topic), on_subscribed, d);
    th_buf_free(&topic);
    if (rc != 0)
        later(d);
}

static void on_device(struct th_device_wait *wait, struct th_device *device, int code)
{
    struct dispatch *d = th_container_of(wait, struct dispatch, wait);
    if (code != 0 || device->absent || !device->enabled || !device->product->enabled) {
        end(d);
        return;
    }
    d->device = th_device_ref(device);
    char id[24], connected[24];
    snprintf(connected, sizeof connected, "%lld", (long long)device->presence.connected_at);
    const char *params[] = {device_id_text(d, id), connected, d->put_back ? "f" : "t"};
    if (th_pg_query(d->store->w->pg, due_sql, true, 3, params, on_due, d, NULL) != 0)
        end(d);
}

static void ask_due(struct dispatch *d)
{
    if (d->store->commands->stopping) {
        d->again = false;
        end(d);
        return;
    }
    if (d->device != NULL)
        th_device_unref(d->device);
    d->device = NULL;
    d->wait.ready = on_device;
    th_list_init(&d->wait.link);
    th_device_get(d->store, th_str(d->key), &d->wait);
}

static void dispatch(struct th_store *s, const struct th_command_due *due)
{
    struct th_commands *c = s->commands;
    TH_LIST_EACH (it, tmp, &c->active) {
        struct dispatch *d = th_list_item(it, struct dispatch, link);
        if (d->device_id == due->device_id) {
            d->again = true;
            return;
        }
    }
    if (c->stopping || c->count >= MAX_DISPATCHES)
        return; /* the sweep comes back to it */
    struct dispatch *d = th_calloc(1, sizeof *d);
    d->store = s;
    d->device_id = due->device_id;
    d->key = th_alloc(due->device_key.n + 1);
    memcpy(d->key, due->device_key.p, due->device_key.n);
    d->key[due->device_key.n] = 0;
    uv_timer_init(&s->w->loop, &d->timer);
    d->timer.data = d;
    th_list_push(&c->active, &d->link);
    c->count++;
    ask_due(d);
}

void th_command_subscribed(struct th_store *s, const struct th_command_due *due, struct th_str filter)
{
    bool own = !th_str_starts(filter, TH_STR("thing/")) && !th_str_starts(filter, TH_STR("ota/"));
    if (own || th_str_starts(filter, TH_STR("thing/service/")) || th_str_eq(filter, TH_STR("thing/#")))
        dispatch(s, due);
}

struct wake {
    struct th_mail mail;
    struct th_command_due due;
    char key[];
};

static void on_wake(struct th_worker *w, struct th_mail *mail)
{
    struct wake *wake = th_container_of(mail, struct wake, mail);
    if (w->store != NULL && w->store->commands != NULL)
        dispatch(w->store, &wake->due);
    th_free(wake);
}

void th_command_wake(struct th_runtime *rt, int64_t device_id, struct th_str device_key)
{
    struct wake *wake = th_alloc(sizeof *wake + device_key.n);
    wake->mail.run = on_wake;
    memcpy(wake->key, device_key.p, device_key.n);
    wake->due = (struct th_command_due){device_id, {wake->key, device_key.n}};
    th_worker_post(th_worker_of_device(rt, wake->due.device_key), &wake->mail);
}

int th_commands_start(struct th_store *s, struct th_error *err)
{
    struct th_commands *c = th_calloc(1, sizeof *c);
    c->store = s;
    th_list_init(&c->active);
    s->commands = c;
    return 0;
}

void th_commands_drain(struct th_store *s)
{
    struct th_commands *c = s->commands;
    c->stopping = true;
    TH_LIST_EACH (it, tmp, &c->active) {
        struct dispatch *d = th_list_item(it, struct dispatch, link);
        if (uv_is_active((uv_handle_t *)&d->timer)) {
            uv_timer_stop(&d->timer);
            end(d);
        }
    }
}

bool th_commands_idle(const struct th_store *s)
{
    return s->commands->count == 0;
}

void th_commands_free(struct th_store *s)
{
    th_free(s->commands);
    s->commands = NULL;
}
