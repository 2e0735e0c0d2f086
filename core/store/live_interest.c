/* SPDX-License-Identifier: Apache-2.0 */
#include "store/live_interest.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

struct th_live_wanted {
    struct th_live_wanted *next;
    unsigned count;
    char device[129];
};

static struct th_live_wanted **slot_of(const struct th_live_interest *t, struct th_str device)
{
    size_t i = th_str_hash(device) % TH_LIVE_DEVICE_SLOTS;
    struct th_live_wanted **at = (struct th_live_wanted **)&t->devices[i];
    while (*at != NULL && !th_str_eq(th_str((*at)->device), device))
        at = &(*at)->next;
    return at;
}

void th_live_interest_change(struct th_live_interest *t, unsigned kinds, const char *device, int by)
{
    if (device[0] == '\0') {
        for (int i = 0; i < TH_LIVE_KIND_COUNT; i++)
            t->broad[i] += (kinds & 1u << i) != 0 ? (unsigned)by : 0;
        return;
    }
    struct th_live_wanted **at = slot_of(t, th_str(device));
    if (*at == NULL) {
        *at = th_calloc(1, sizeof **at);
        snprintf((*at)->device, sizeof(*at)->device, "%s", device);
        t->ndevices++;
    }
    (*at)->count += (unsigned)by;
    if ((*at)->count == 0) {
        struct th_live_wanted *gone = *at;
        *at = gone->next;
        th_free(gone);
        t->ndevices--;
    }
}

bool th_live_interest_has(const struct th_live_interest *t, struct th_str device_key)
{
    return t->ndevices > 0 && *slot_of(t, device_key) != NULL;
}

void th_live_interest_each(
    const struct th_live_interest *t, void (*each)(void *arg, const char *device), void *arg)
{
    for (int i = 0; i < TH_LIVE_DEVICE_SLOTS; i++) {
        for (const struct th_live_wanted *d = t->devices[i]; d != NULL; d = d->next)
            each(arg, d->device);
    }
}

void th_live_interest_free(struct th_live_interest *t)
{
    for (int i = 0; i < TH_LIVE_DEVICE_SLOTS; i++) {
        for (struct th_live_wanted *d = t->devices[i], *next; d != NULL; d = next) {
            next = d->next;
            th_free(d);
        }
    }
}
