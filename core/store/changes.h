/* SPDX-License-Identifier: Apache-2.0
 *
 * Changes of products, devices and keys made by any instance: the database notifies `thingd` with device:KEY
 * or product:KEY after the commit, and each worker drops what it has cached. Whenever the listening
 * connection is new, everything is dropped, since notifications may have been missed. */
#ifndef TH_CHANGES_H
#define TH_CHANGES_H

#include "store/store.h"

int th_changes_start(struct th_store *s, struct th_error *err) TH_MUST_CHECK;
void th_changes_stop(struct th_store *s);

#endif
