/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define BLOCK 4096
#define ALIGN 16

struct th_arena_block {
    struct th_arena_block *older;
    size_t size, used;
    char data[] __attribute__((aligned(ALIGN)));
};

/* Blocks of the usual size that this thread has no use for just now: each message takes some and gives them
 * back, and malloc's way for blocks of this size is long. Under AddressSanitizer none are kept, so that it
 * sees every use after an arena's end. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1 /* as gcc says it */
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define SPARE_MAX 0
#else
#define SPARE_MAX 512
#endif
static __thread struct th_arena_block *spare;
static __thread int nspare;

static void *checked(void *p)
{
    if (p == NULL) {
        fputs("thingd: out of memory\n", stderr);
        abort();
    }
    return p;
}

void *th_alloc(size_t size)
{
    return checked(malloc(size > 0 ? size : 1));
}

void *th_calloc(size_t count, size_t size)
{
    return checked(calloc(count > 0 ? count : 1, size > 0 ? size : 1));
}

void *th_realloc(void *p, size_t size)
{
    return checked(realloc(p, size > 0 ? size : 1));
}

char *th_strdup(const char *s)
{
    return checked(strdup(s));
}

void th_free(void *p)
{
    free(p);
}

static struct th_arena_block *block_get(size_t room)
{
    struct th_arena_block *b = spare;
    if (room <= BLOCK && b != NULL) {
        spare = b->older;
        nspare--;
        return b;
    }
    room = room > BLOCK ? room : BLOCK;
    b = th_alloc(sizeof *b + room);
    b->size = room;
    return b;
}

static void block_put(struct th_arena_block *b)
{
    if (b == NULL || b->size != BLOCK || nspare >= SPARE_MAX) {
        th_free(b);
        return;
    }
    b->older = spare;
    spare = b;
    nspare++;
}

void th_arena_init(struct th_arena *a)
{
    a->blocks = NULL;
    a->used = 0;
}

void *th_arena_alloc(struct th_arena *a, size_t size)
{
    size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    struct th_arena_block *b = a->blocks;
    if (b == NULL || b->size - b->used < size) {
        b = block_get(size);
        b->used = 0;
        b->older = a->blocks;
        a->blocks = b;
    }
    void *p = b->data + b->used;
    b->used += size;
    a->used += size;
    return p;
}

void *th_arena_zalloc(struct th_arena *a, size_t size)
{
    return memset(th_arena_alloc(a, size), 0, size);
}

char *th_arena_dup(struct th_arena *a, const void *p, size_t n)
{
    char *copy = th_arena_alloc(a, n + 1);
    if (n > 0)
        memcpy(copy, p, n);
    copy[n] = 0;
    return copy;
}

char *th_arena_printf(struct th_arena *a, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    char *text = th_arena_alloc(a, (size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, fmt, again);
    va_end(again);
    return text;
}

void th_arena_reset(struct th_arena *a)
{
    struct th_arena_block *b = a->blocks;
    while (b != NULL && b->older != NULL) {
        struct th_arena_block *older = b->older;
        block_put(b);
        b = older;
    }
    if (b != NULL)
        b->used = 0;
    a->blocks = b;
    a->used = 0;
}

void th_arena_free(struct th_arena *a)
{
    th_arena_reset(a);
    block_put(a->blocks);
    a->blocks = NULL;
}
