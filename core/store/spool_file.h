/* SPDX-License-Identifier: Apache-2.0
 *
 * The spool's files. A segment is a file of records one after the other:
 *   magic (4) length of key and body (4) check (8) arrival in ms (8) node (4) flags (2) length of the key (2)
 * key body in little endian; check is the start of the SHA-256 over all that follows it. A record that was
 * cut off by a crash stands last and is left out; one that does not check elsewhere is skipped up to the next
 * that does. Blocking calls, one thread. */
#ifndef TH_SPOOL_FILE_H
#define TH_SPOOL_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/str.h"

#define TH_SPOOL_HEAD 32
#define TH_SPOOL_MTLS 1 /* flag: it came through an mTLS node's token */

struct th_spool_record {
    int64_t arrived_ms;
    int32_t node;
    uint16_t flags;
    struct th_str key; /* of the device */
    struct th_str body;
};

void th_spool_record_put(struct th_buf *out, const struct th_spool_record *r);

/* The whole content of a segment, and where reading stands. */
struct th_spool_reader {
    struct th_str text;
    size_t at;
    size_t damaged; /* bytes skipped so far because they were no record */
};

/* False at the end. Key and body point into text. */
bool th_spool_record_next(struct th_spool_reader *reader, struct th_spool_record *r);

/* Segments of a folder, oldest first; names are numbers in hex. */
struct th_spool_names {
    uint64_t *list;
    size_t count;
};
int th_spool_list(const char *folder, struct th_spool_names *out, struct th_error *err) TH_MUST_CHECK;
void th_spool_path(const char *folder, uint64_t number, const char *suffix, char *out, size_t size);
int th_spool_read(const char *path, struct th_buf *out, struct th_error *err) TH_MUST_CHECK;

#endif
