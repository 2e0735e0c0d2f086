/* SPDX-License-Identifier: Apache-2.0
 *
 * Changes of products, devices and keys made by any instance: the database notifies `thingd` with device:KEY
 * or product:KEY after the commit, or with scripts: when all scripts were switched on or off, and each worker
 * drops what it has cached of it. Whenever the listening connection is new, everything is dropped, since
 * notifications may have been missed; scripts are looked at every ten seconds besides, for a connection that
 * is dead and does not know it. */
#ifndef TH_CHANGES_H
#define TH_CHANGES_H

#include "store/store.h"

int th_changes_start(struct th_store *s, struct th_error *err) TH_MUST_CHECK;
void th_changes_stop(struct th_store *s);

#endif
