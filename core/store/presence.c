/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "store/presence.h"

static void keep(char field[TH_ADDRESS_LEN], struct th_str address)
{
    size_t n = address.n < TH_ADDRESS_LEN - 1 ? address.n : TH_ADDRESS_LEN - 1;
    memcpy(field, address.p, n);
    field[n] = 0;
}

static bool same(const char *field, struct th_str address)
{
    size_t n = address.n < TH_ADDRESS_LEN - 1 ? address.n : TH_ADDRESS_LEN - 1;
    return strlen(field) == n && memcmp(field, address.p, n) == 0;
}

bool th_presence_connected(struct th_presence *p, int64_t at, int node, struct th_str address)
{
    if (at < p->connected_at)
        return false; /* an older connection than the one we know */
    bool over = p->left_at >= at && same(p->left_address, address);
    if (at == p->connected_at && node == p->node && same(p->address, address) && p->online == !over)
        return false;
    p->connected_at = at;
    p->node = node;
    keep(p->address, address);
    p->online = !over;
    return true;
}

bool th_presence_disconnected(struct th_presence *p, int64_t at, int node, struct th_str address)
{
    bool current = node == p->node && at >= p->connected_at && same(p->address, address);
    bool changed = false;
    if (current && p->online) {
        p->online = false;
        changed = true;
    }
    if (at > p->left_at) {
        p->left_at = at;
        keep(p->left_address, address);
        changed = true;
    }
    return changed;
}
