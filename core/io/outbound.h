/* SPDX-License-Identifier: Apache-2.0
 *
 * Where requests made for someone else may go: to public addresses that are not this machine's, and to what
 * the operator lists in outbound.allow. The list is read-only once parsed: any thread. Whoever opens a
 * connection asks with the address that is really connected to, so a name that resolves to a private address
 * is found out, however often it changes. */
#ifndef TH_OUTBOUND_H
#define TH_OUTBOUND_H

#include <stdbool.h>
#include <sys/socket.h>
#include "base/err.h"
#include "base/str.h"

struct th_outbound;

/* list, comma separated: ADDRESS, ADDRESS/PREFIX or NAME, each with an optional :PORT; an IPv6 address that
 * has one stands in brackets, [fd00::/8]:443. An entry without a port is for all ports. */
int th_outbound_parse(const char *list, struct th_outbound **out, struct th_error *err) TH_MUST_CHECK;
void th_outbound_free(struct th_outbound *o);
/* host: as it stands in the URL, IPv6 without brackets. address: the one connected to, with its port. A
 * listed name permits whatever it resolves to. */
bool th_outbound_permits(const struct th_outbound *o, struct th_str host, const struct sockaddr *address);

#endif
