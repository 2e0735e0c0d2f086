/* SPDX-License-Identifier: Apache-2.0
 *
 * The hosts that a product's script may ask: HOST or HOST:PORT, a HOST beginning with *. for all names below
 * it. Without a port the scheme's own is meant. Read from URLs by the parser that also connects to them. */
#ifndef TH_HTTP_HOSTS_H
#define TH_HTTP_HOSTS_H

#include <stdbool.h>
#include "base/str.h"

struct th_http_hosts {
    const struct th_str *patterns;
    unsigned count;
};

bool th_http_hosts_allow(const struct th_http_hosts *hosts, const char *url);

#endif
