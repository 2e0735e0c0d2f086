/* SPDX-License-Identifier: Apache-2.0 */
#include "io/pg_conninfo.h"

#include <libpq-fe.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define TH_PG_ADDRESSES_MAX 8

static const char *get(const struct th_pg_conninfo *ci, const char *key)
{
    for (int i = 0; i < ci->n; i++) {
        if (strcmp(ci->keys[i], key) == 0)
            return ci->values[i];
    }
    return NULL;
}

static void set(struct th_pg_conninfo *ci, const char *key, const char *value)
{
    int i = 0;
    while (i < ci->n && strcmp(ci->keys[i], key) != 0)
        i++;
    if (i == ci->n && ci->n + 1 < TH_PG_CONNINFO_MAX)
        ci->n++;
    ci->keys[i] = key;
    ci->values[i] = value;
}

static void set_absent(struct th_pg_conninfo *ci, const char *key, const char *value)
{
    if (get(ci, key) == NULL)
        set(ci, key, value);
}

int th_pg_conninfo_read(
    struct th_pg_conninfo *ci, const char *text, const char *application_name, struct th_error *err)
{
    *ci = (struct th_pg_conninfo){0};
    th_arena_init(&ci->arena);
    char *why = NULL;
    PQconninfoOption *options = PQconninfoParse(text, &why);
    if (options == NULL) {
        /* Only this one of libpq's messages is sure not to quote the text. */
        bool tell = why != NULL && strncmp(why, "invalid connection option", 25) == 0;
        th_fail(err, TH_EINVAL, "database.url: %s",
            tell ? why : "not a PostgreSQL connection URI or key=value text");
        PQfreemem(why);
        return -TH_EINVAL;
    }
    for (const PQconninfoOption *o = options; o->keyword != NULL; o++) {
        if (o->val != NULL)
            set(ci, th_arena_dup(&ci->arena, o->keyword, strlen(o->keyword)),
                th_arena_dup(&ci->arena, o->val, strlen(o->val)));
    }
    PQconninfoFree(options);
    set_absent(ci, "application_name", th_arena_dup(&ci->arena, application_name, strlen(application_name)));
    set_absent(ci, "keepalives_idle", "30");
    set_absent(ci, "keepalives_interval", "10");
    set_absent(ci, "keepalives_count", "3");
    set(ci, "client_encoding", "UTF8");
    return 0;
}

void th_pg_conninfo_free(struct th_pg_conninfo *ci)
{
    th_arena_free(&ci->arena);
}

const char *th_pg_conninfo_name(const struct th_pg_conninfo *ci)
{
    const char *host = get(ci, "host");
    if (host == NULL)
        host = getenv("PGHOST");
    if (host == NULL || host[0] == '\0' || host[0] == '/' || host[0] == '@' || strchr(host, ',') != NULL)
        return NULL;
    if (get(ci, "hostaddr") != NULL || getenv("PGHOSTADDR") != NULL)
        return NULL;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (uv_ip4_addr(host, 0, &v4) == 0 || uv_ip6_addr(host, 0, &v6) == 0)
        return NULL;
    return host;
}

void th_pg_conninfo_resolved(const struct th_pg_conninfo *ci, const struct addrinfo *found,
    struct th_arena *arena, struct th_pg_conninfo *out)
{
    *out = *ci;
    const char *name = th_pg_conninfo_name(ci);
    const char *names = NULL, *addresses = NULL;
    int n = 0;
    for (const struct addrinfo *a = found; a != NULL && n < TH_PG_ADDRESSES_MAX; a = a->ai_next, n++) {
        char text[INET6_ADDRSTRLEN] = "";
        uv_ip_name(a->ai_addr, text, sizeof(text));
        names = n == 0 ? name : th_arena_printf(arena, "%s,%s", names, name);
        addresses =
            n == 0 ? th_arena_printf(arena, "%s", text) : th_arena_printf(arena, "%s,%s", addresses, text);
    }
    if (n == 0)
        return;
    set(out, "host", names);
    set(out, "hostaddr", addresses);
}
