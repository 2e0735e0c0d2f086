/* SPDX-License-Identifier: Apache-2.0
 *
 * Which statements a connection has prepared: a hash table from the address of the SQL to a number, from
 * which the statement's name is made. */
#ifndef TH_PG_PREPARED_H
#define TH_PG_PREPARED_H

#include <stdbool.h>
#include <stddef.h>

struct th_pg_prepared {
    struct th_pg_prepared_entry {
        const char *sql; /* NULL: free */
        unsigned number; /* 0: forgotten */
    } * entries;
    size_t cap; /* a power of two */
    size_t used;
    unsigned last;
};

#define TH_PG_PREPARED_NAME 16
/* Writes the statement's name; true when it is new and has to be prepared under it. */
bool th_pg_prepared_name(struct th_pg_prepared *p, const char *sql, char name[TH_PG_PREPARED_NAME]);
/* The next use prepares it again, under another name. */
void th_pg_prepared_forget(struct th_pg_prepared *p, const char *sql);
/* All of them: the connection is gone. */
void th_pg_prepared_free(struct th_pg_prepared *p);

#endif
