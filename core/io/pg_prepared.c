/* SPDX-License-Identifier: Apache-2.0 */
#include "io/pg_prepared.h"

#include <stdint.h>
#include <stdio.h>

#include "base/alloc.h"

static struct th_pg_prepared_entry *find(const struct th_pg_prepared *p, const char *sql)
{
    size_t i = (size_t)(((uintptr_t)sql * 0x9e3779b97f4a7c15ULL) >> 32) & (p->cap - 1);
    while (p->entries[i].sql != NULL && p->entries[i].sql != sql)
        i = (i + 1) & (p->cap - 1);
    return &p->entries[i];
}

static void grow(struct th_pg_prepared *p)
{
    struct th_pg_prepared bigger = {.cap = p->cap == 0 ? 64 : p->cap * 2, .used = p->used, .last = p->last};
    bigger.entries = th_calloc(bigger.cap, sizeof(*bigger.entries));
    for (size_t i = 0; i < p->cap; i++) {
        if (p->entries[i].sql != NULL)
            *find(&bigger, p->entries[i].sql) = p->entries[i];
    }
    th_free(p->entries);
    *p = bigger;
}

bool th_pg_prepared_name(struct th_pg_prepared *p, const char *sql, char name[TH_PG_PREPARED_NAME])
{
    if (p->used * 2 >= p->cap)
        grow(p);
    struct th_pg_prepared_entry *e = find(p, sql);
    if (e->sql == NULL) {
        e->sql = sql;
        p->used++;
    }
    bool is_new = e->number == 0;
    if (is_new)
        e->number = ++p->last;
    snprintf(name, TH_PG_PREPARED_NAME, "s%u", e->number);
    return is_new;
}

void th_pg_prepared_forget(struct th_pg_prepared *p, const char *sql)
{
    if (p->cap > 0)
        find(p, sql)->number = 0;
}

void th_pg_prepared_free(struct th_pg_prepared *p)
{
    th_free(p->entries);
    *p = (struct th_pg_prepared){0};
}
