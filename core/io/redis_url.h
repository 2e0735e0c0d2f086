/* SPDX-License-Identifier: Apache-2.0
 *
 * redis.url: redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE], or unix:/PATH. User and password may carry
 * %XX. Pure. */
#ifndef TH_REDIS_URL_H
#define TH_REDIS_URL_H

#include <stdbool.h>
#include "base/err.h"

struct th_redis_url {
    char host[256]; /* "": path is used */
    char port[6];
    char path[108];
    char user[128], password[256]; /* password "": none is sent */
    int database;
};

/* Errors name what is wrong, never the password. rediss is refused: Debian's hiredis has no TLS. */
int th_redis_url_read(struct th_redis_url *out, const char *text, struct th_error *err) TH_MUST_CHECK;
/* By its name or number alone: localhost, 127.0.0.0/8, ::1, a socket's path. */
bool th_redis_url_is_local(const struct th_redis_url *url);

#endif
