/* SPDX-License-Identifier: Apache-2.0
 *
 * IPv4 and IPv6 addresses: reading them, ranges of them, which ones are public. Pure functions but
 * th_address_is_own. */
#ifndef TH_ADDRESS_H
#define TH_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include "base/str.h"

struct th_address_range {
    uint8_t bytes[16]; /* IPv4 in its mapped form */
    unsigned bits;
};

/* True for a globally routable unicast IPv4 or IPv6 address, by the special-purpose registries (RFC 6890 and
 * its successors). An IPv6 address that stands for an IPv4 one is public only in the NAT64 form, and when the
 * IPv4 one is; mapped, compatible, 6to4 and Teredo forms never are. Any other family is not. */
bool th_address_is_public(const struct sockaddr *address);

/* True when an interface of this machine has it (asks the kernel); on error true. */
bool th_address_is_own(const struct sockaddr *address);

/* An address without port, IPv6 in brackets or not; IPv4 in its mapped form. */
bool th_address_read(struct th_str text, uint8_t out[16], bool *v4);
/* The same with an optional /PREFIX, which may stand in the brackets. */
bool th_address_range_read(struct th_str text, struct th_address_range *out);
bool th_address_range_holds(const struct th_address_range *r, const uint8_t address[16]);
/* False for what is neither IPv4 nor IPv6. */
bool th_address_range_has(const struct th_address_range *r, const struct sockaddr *address);

#endif
