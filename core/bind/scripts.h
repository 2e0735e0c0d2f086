/* SPDX-License-Identifier: Apache-2.0
 *
 * The scripts of one worker: its CPU budget and the generation of the default product, which all products
 * without code of their own share. */
#ifndef TH_SCRIPTS_H
#define TH_SCRIPTS_H

#include "script/gen.h"
#include "store/store.h"

struct th_scripts {
    struct th_budget *budget;
    struct th_gen *shared; /* the default product's */
};

/* On the worker's thread. Reads plugins/product/default/init.lua below home. */
int th_scripts_start(struct th_worker *w, struct th_error *err) TH_MUST_CHECK;
void th_scripts_stop(struct th_worker *w);

struct th_gen *th_scripts_of(struct th_scripts *s, const struct th_product *p);

#endif
