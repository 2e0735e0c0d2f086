/* SPDX-License-Identifier: Apache-2.0
 *
 * What a connection is opened with: the configured URL or key=value text, plus what every connection of ours
 * has (application name, encoding, TCP keepalives) where the text does not say otherwise. No I/O. */
#ifndef TH_PG_CONNINFO_H
#define TH_PG_CONNINFO_H

#include <sys/socket.h>
#include "base/alloc.h"
#include "base/err.h"

#define TH_PG_CONNINFO_MAX 64

struct th_pg_conninfo {
    struct th_arena arena;
    const char *keys[TH_PG_CONNINFO_MAX]; /* NULL-terminated, as PQconnectStartParams takes them */
    const char *values[TH_PG_CONNINFO_MAX];
    int n;
};

/* The error never repeats the text, which may hold a password. */
int th_pg_conninfo_read(struct th_pg_conninfo *ci, const char *text, const char *application_name,
    struct th_error *err) TH_MUST_CHECK;
void th_pg_conninfo_free(struct th_pg_conninfo *ci);

/* The one host name that libpq would have to look up, which blocks the thread; NULL when there is nothing to
 * look up (socket folder, numeric address, hostaddr given). A comma-separated list of names is left to libpq.
 */
const char *th_pg_conninfo_name(const struct th_pg_conninfo *ci);

/* The same with the addresses that the name stands for; out shares memory with ci and *arena. */
struct addrinfo;
void th_pg_conninfo_resolved(const struct th_pg_conninfo *ci, const struct addrinfo *found,
    struct th_arena *arena, struct th_pg_conninfo *out);

#endif
