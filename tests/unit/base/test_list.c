/* SPDX-License-Identifier: Apache-2.0 */
#include "base/list.h"

#include "../test.h"

struct item {
    int n;
    struct th_list link;
};

static struct th_list head, other;
static struct item items[5];

static void fill(void)
{
    th_list_init(&head);
    th_list_init(&other);
    for (int i = 0; i < 5; i++) {
        items[i].n = i + 1;
        th_list_push(&head, &items[i].link);
    }
}

/* The numbers as decimal digits, first to last; also checks the way back. */
static int digits(struct th_list *list)
{
    int forward = 0, backward = 0, factor = 1;
    TH_LIST_EACH (it, next, list) {
        forward = forward * 10 + th_list_item(it, struct item, link)->n;
    }
    for (struct th_list *it = list->prev; it != list; it = it->prev, factor *= 10)
        backward += factor * th_list_item(it, struct item, link)->n;
    TH_EQ_INT(forward, backward);
    return forward;
}

static void test_push_and_remove(void)
{
    fill();
    TH_EQ_INT(digits(&head), 12345);
    th_list_remove(&items[0].link);
    th_list_remove(&items[2].link);
    th_list_remove(&items[4].link);
    TH_EQ_INT(digits(&head), 24);
    TH_CHECK(th_list_empty(&items[2].link));
    th_list_remove(&items[2].link); /* twice does no harm */
    TH_EQ_INT(digits(&head), 24);
}

static void test_remove_while_walking(void)
{
    fill();
    TH_LIST_EACH (it, next, &head) {
        if (th_list_item(it, struct item, link)->n % 2 == 1)
            th_list_remove(it);
    }
    TH_EQ_INT(digits(&head), 24);
    TH_LIST_EACH (it, next, &head) {
        th_list_remove(it);
    }
    TH_CHECK(th_list_empty(&head));
}

static void test_move_all(void)
{
    struct item six = {.n = 6};
    fill();
    th_list_move_all(&head, &other);
    TH_EQ_INT(digits(&head), 12345);
    th_list_push(&other, &six.link);
    th_list_move_all(&other, &head);
    TH_EQ_INT(digits(&other), 612345);
    TH_CHECK(th_list_empty(&head));
    th_list_move_all(&head, &other);
    TH_EQ_INT(digits(&head), 612345);
}

int main(void)
{
    TH_RUN(test_push_and_remove);
    TH_RUN(test_remove_while_walking);
    TH_RUN(test_move_all);
    return TH_END();
}
