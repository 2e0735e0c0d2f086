/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>

#include "store/message.h"

struct th_effect *th_message_effect(struct th_message *m, enum th_effect_kind kind)
{
    struct th_effect *e = th_arena_zalloc(&m->arena, sizeof *e);
    e->kind = kind;
    *m->effects_tail = e;
    m->effects_tail = &e->next;
    return e;
}

void th_message_dead(struct th_message *m, const char *reason, const char *detail_fmt, ...)
{
    if (m->dead_reason != NULL)
        return;
    char detail[512];
    va_list ap;
    va_start(ap, detail_fmt);
    vsnprintf(detail, sizeof detail, detail_fmt, ap);
    va_end(ap);
    m->dead_reason = reason;
    m->dead_detail = th_arena_dup(&m->arena, detail, strlen(detail));
}
