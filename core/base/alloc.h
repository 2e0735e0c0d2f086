/* SPDX-License-Identifier: Apache-2.0
 *
 * Memory that is never NULL: running out of it ends the process through one message, so no caller checks.
 * An arena hands out memory that is freed in one go with the arena; it belongs to one owner on one thread at
 * a time (it may be handed to another thread together with what lies in it). */
#ifndef TH_ALLOC_H
#define TH_ALLOC_H

#include <stddef.h>

void *th_alloc(size_t size);
void *th_calloc(size_t count, size_t size);
void *th_realloc(void *p, size_t size);
char *th_strdup(const char *s);
void th_free(void *p);

struct th_arena_block;
struct th_arena {
    struct th_arena_block *blocks; /* newest first */
    size_t used;                   /* bytes handed out, for accounting */
};

void th_arena_init(struct th_arena *a);
/* Aligned to 16; contents undefined. */
void *th_arena_alloc(struct th_arena *a, size_t size);
void *th_arena_zalloc(struct th_arena *a, size_t size);
/* A NUL-terminated copy. */
char *th_arena_dup(struct th_arena *a, const void *p, size_t n);
char *th_arena_printf(struct th_arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Keeps the first block for reuse. */
void th_arena_reset(struct th_arena *a);
void th_arena_free(struct th_arena *a);

#define th_container_of(ptr, type, member) ((type *)(((char *)(ptr)) - offsetof(type, member)))

#endif
