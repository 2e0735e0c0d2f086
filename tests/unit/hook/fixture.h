/* SPDX-License-Identifier: Apache-2.0
 *
 * Hook bodies for tests: those recorded from the broker (tests/data/rmqtt), moved to the present, since a
 * hook from the future is refused; and publishes made of parts. */
#ifndef TH_HOOK_FIXTURE_H
#define TH_HOOK_FIXTURE_H

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hex.h"
#include "hook/envelope.h"

/* The recorded times are from November 2026: 1795555... ms. */
static inline void fixture_to_present(char *text)
{
    char now[32];
    snprintf(now, sizeof now, "%lld", (long long)th_clock_ms());
    for (char *p = text; (p = strstr(p, "1795555")) != NULL; p += 13)
        memcpy(p, now, 13);
}

static inline struct th_str fixture_read(struct th_arena *arena, const char *name)
{
    char path[600];
    snprintf(path, sizeof path, TH_ROOT "/tests/data/rmqtt/%s", name);
    FILE *f = fopen(path, "r");
    if (f == NULL) {
        perror(path);
        exit(1);
    }
    char *text = th_arena_alloc(arena, 65536);
    size_t n = fread(text, 1, 65535, f);
    fclose(f);
    text[n] = 0;
    fixture_to_present(text);
    return (struct th_str){text, n};
}

/* Members of a message_publish as JSON texts; NULL: as a healthy one has it; "": left out. */
struct fixture_publish {
    const char *topic, *payload, *ts, *node, *address, *client, *user, *from, *packet, *dup, *qos, *action;
};

static inline void fixture_member(struct th_buf *b, const char *name, const char *given, const char *healthy)
{
    const char *value = given != NULL ? given : healthy;
    if (value[0] != 0)
        th_buf_printf(b, "%s\"%s\":%s", b->n > 1 ? "," : "", name, value);
}

static inline struct th_str fixture_publish(struct th_arena *arena, const struct fixture_publish *p)
{
    struct th_buf b = {0};
    char now[32];
    snprintf(now, sizeof now, "%lld", (long long)th_clock_ms());
    th_buf_putc(&b, '{');
    fixture_member(&b, "action", p->action, "\"message_publish\"");
    fixture_member(&b, "topic", p->topic, "\"demo/dev1/thing/event/property/post\"");
    fixture_member(&b, "payload", p->payload, "\"eyJpZCI6IjEiLCJwYXJhbXMiOnsidCI6MX0sImFjayI6MX0=\"");
    fixture_member(&b, "ts", p->ts, now);
    fixture_member(&b, "from_node", p->node, "1");
    fixture_member(&b, "from_ipaddress", p->address, "\"127.0.0.1:35124\"");
    fixture_member(&b, "from_clientid", p->client, "\"dev1\"");
    fixture_member(&b, "from_username", p->user, "\"demo\"");
    fixture_member(&b, "from_type", p->from, "\"custom\"");
    fixture_member(&b, "packet_id", p->packet, "1");
    fixture_member(&b, "dup", p->dup, "false");
    fixture_member(&b, "qos", p->qos, "1");
    th_buf_putc(&b, '}');
    struct th_str text = {th_arena_dup(arena, b.p, b.n), b.n};
    th_buf_free(&b);
    return text;
}

/* A plain text as the payload member: quoted base64. */
static inline const char *fixture_payload(struct th_arena *arena, const char *text)
{
    struct th_buf b = {0};
    th_buf_putc(&b, '"');
    th_base64_put(&b, text, strlen(text));
    th_buf_putc(&b, '"');
    char *quoted = th_arena_dup(arena, b.p, b.n);
    th_buf_free(&b);
    return quoted;
}

/* m's arena is begun; the caller frees it. */
static inline void fixture_take(struct th_message *m, struct th_str body, int node, bool mtls)
{
    struct th_door door = {node, mtls};
    memset(m, 0, sizeof *m);
    th_arena_init(&m->arena);
    m->body = body;
    th_envelope_read(m, &door);
}

#endif
