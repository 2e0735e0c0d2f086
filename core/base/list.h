/* SPDX-License-Identifier: Apache-2.0
 *
 * Intrusive doubly linked list with a head of the same type. A link that is in no list points to itself. */
#ifndef TH_LIST_H
#define TH_LIST_H

#include <stdbool.h>
#include "base/alloc.h"

struct th_list {
    struct th_list *next, *prev;
};

static inline void th_list_init(struct th_list *l)
{
    l->next = l->prev = l;
}

static inline bool th_list_empty(const struct th_list *l)
{
    return l->next == l;
}

static inline void th_list_push(struct th_list *head, struct th_list *item) /* at the end */
{
    item->prev = head->prev;
    item->next = head;
    head->prev->next = item;
    head->prev = item;
}

static inline void th_list_remove(struct th_list *item)
{
    item->prev->next = item->next;
    item->next->prev = item->prev;
    th_list_init(item);
}

static inline unsigned th_list_count(const struct th_list *l) /* walks it */
{
    unsigned n = 0;
    for (const struct th_list *it = l->next; it != l; it = it->next)
        n++;
    return n;
}

/* All of *from to the end of *head; from is empty afterwards. */
static inline void th_list_move_all(struct th_list *head, struct th_list *from)
{
    if (th_list_empty(from))
        return;
    from->next->prev = head->prev;
    from->prev->next = head;
    head->prev->next = from->next;
    head->prev = from->prev;
    th_list_init(from);
}

#define th_list_item(link, type, member) th_container_of(link, type, member)
/* it may be removed inside the loop; tmp is a second cursor. */
#define TH_LIST_EACH(it, tmp, head)                                                                          \
    for (struct th_list *it = (head)->next, *tmp = it->next; it != (head); it = tmp, tmp = it->next)

#endif
