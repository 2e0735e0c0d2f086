/* SPDX-License-Identifier: Apache-2.0
 *
 * Gzip for whole answers. */
#ifndef TH_GZIP_H
#define TH_GZIP_H

#include "http/req.h"

/* The client's Accept-Encoding takes gzip. */
bool th_gzip_accepted(const struct th_req *r);

/* A packer is made at the first use and kept in *state, one per thread. False when the result would not be
 * smaller. */
struct th_gzip;
bool th_gzip_pack(struct th_gzip **state, struct th_arena *arena, struct th_str in, struct th_str *out);
void th_gzip_free(struct th_gzip *state);

#endif
