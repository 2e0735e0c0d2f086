/* SPDX-License-Identifier: Apache-2.0
 *
 * Which addresses a request made for someone else may connect to. Pure functions but th_address_is_own. */
#ifndef TH_ADDRESS_H
#define TH_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* True for a globally routable unicast IPv4 or IPv6 address, by the special-purpose registries (RFC 6890 and
 * its successors). An IPv6 address that stands for an IPv4 one is public only in the NAT64 form, and when the
 * IPv4 one is; mapped, compatible, 6to4 and Teredo forms never are. Any other family is not. */
bool th_address_is_public(const struct sockaddr *address);

/* True when an interface of this machine has it (asks the kernel); on error true. */
bool th_address_is_own(const struct sockaddr *address);

#endif
