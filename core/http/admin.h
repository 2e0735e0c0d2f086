/* SPDX-License-Identifier: Apache-2.0
 *
 * The public door (http.listen): serves the dashboard's files, hands every other request to the API's Lua and
 * gives its answer back. */
#ifndef TH_ADMIN_H
#define TH_ADMIN_H

#include "base/err.h"
#include "io/worker.h"

struct th_admin_door;

/* Before the workers start: reads home's web/dist, if it was built, and binds the listener. */
int th_admin_door_open(struct th_admin_door **out, const struct th_conf *conf, const char *home,
    struct th_error *err) TH_MUST_CHECK;
void th_admin_door_close(struct th_admin_door *door);

extern const struct th_worker_part th_admin_part;

#endif
