/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TH_CLI_SIM_PAYLOAD_H
#define TH_CLI_SIM_PAYLOAD_H

#include <stdint.h>
#include "base/err.h"
#include "base/str.h"

/* What the load mode sends: a made-up property report of about `size` bytes, distinct per number, or a file's
 * bytes as they are. */
struct th_sim_payload {
    size_t size;
    struct th_buf file; /* p == NULL: made up */
};

/* spec: a number of bytes (60 to 1 MiB), else the name of a file. */
int th_sim_payload_open(struct th_sim_payload *p, const char *spec, struct th_error *err) TH_MUST_CHECK;
void th_sim_payload_close(struct th_sim_payload *p);
/* The bytes of message `number`; scratch holds them until its next use. */
struct th_str th_sim_payload_make(const struct th_sim_payload *p, int64_t number, struct th_buf *scratch);

#endif
