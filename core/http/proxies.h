/* SPDX-License-Identifier: Apache-2.0
 *
 * The proxies whose word about a client's address is believed. Read-only once parsed: any thread. */
#ifndef TH_PROXIES_H
#define TH_PROXIES_H

#include <stdbool.h>
#include <sys/socket.h>
#include "base/err.h"
#include "base/str.h"

struct th_proxies;

/* list: addresses, comma separated, each with an optional /prefix. */
int th_proxies_parse(const char *list, struct th_proxies **out, struct th_error *err) TH_MUST_CHECK;
void th_proxies_free(struct th_proxies *p);
bool th_proxies_have(const struct th_proxies *p, const struct sockaddr *address);
/* The address in an X-Forwarded-For list that the proxies vouch for; empty when there is none. */
struct th_str th_proxies_client(const struct th_proxies *p, struct th_str forwarded);

#endif
