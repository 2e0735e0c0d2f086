/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows for COPY ... WITH (FORMAT binary), as PostgreSQL's manual lays them out (COPY, "Binary Format"), and
 * array literals for statements in the simple protocol. */
#ifndef TH_COPY_H
#define TH_COPY_H

#include <stdbool.h>
#include <stdint.h>
#include "base/str.h"

struct th_copy {
    struct th_buf buf;
    unsigned rows;
};

void th_copy_begin(struct th_copy *c); /* empties it and writes the header */
void th_copy_row(struct th_copy *c, int fields);
void th_copy_bool(struct th_copy *c, bool v);
void th_copy_int2(struct th_copy *c, int16_t v);
void th_copy_int4(struct th_copy *c, int32_t v);
void th_copy_int8(struct th_copy *c, int64_t v);
void th_copy_time(struct th_copy *c, int64_t ms); /* timestamptz */
void th_copy_uuid(struct th_copy *c, const unsigned char id[16]);
void th_copy_text(struct th_copy *c, struct th_str s); /* text, bytea */
void th_copy_json(struct th_copy *c, struct th_str s); /* jsonb */
void th_copy_null(struct th_copy *c);
void th_copy_end(struct th_copy *c);
void th_copy_free(struct th_copy *c);

/* '{...}' literals, quotes included. Open, add items, close. Text items are quoted for both the array and the
 * string; standard_conforming_strings is on. */
void th_array_open(struct th_buf *b);
void th_array_int(struct th_buf *b, int64_t v);
void th_array_text(struct th_buf *b, struct th_str s);
void th_array_bool(struct th_buf *b, bool v);
void th_array_null(struct th_buf *b);
void th_array_close(struct th_buf *b);

/* A prepared statement over such arrays: open them all, add items to each, execute (which closes them). */
void th_columns_open(struct th_buf *col, int columns);
void th_columns_execute(struct th_buf *sql, const char *statement, struct th_buf *col, int columns);

#endif
