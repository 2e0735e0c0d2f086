/* SPDX-License-Identifier: Apache-2.0
 *
 * The scripts of one worker: its CPU budget, the generation of the default product that all products without
 * code of their own share, and one generation per product that has a script. A product's active version comes
 * with the product (store/product.h); when it differs from the one that is loaded, the new one is built aside
 * and swapped in between two messages. If it cannot be loaded the old one stays. */
#ifndef TH_SCRIPTS_H
#define TH_SCRIPTS_H

#include "script/gen.h"
#include "store/store.h"
#include "store/suspect.h"

struct th_product_script;

struct th_scripts {
    struct th_worker *w;
    struct th_budget *budget;
    struct th_buf shared_text;
    struct th_gen *shared; /* the default product's */
    struct th_product_script **slots;
    size_t nslots, count;
    struct th_suspects broken; /* devices whose calls were killed again and again */
};

/* On the worker's thread. Reads plugins/product/default/init.lua below home. */
int th_scripts_start(struct th_worker *w, struct th_error *err) TH_MUST_CHECK;
void th_scripts_stop(struct th_worker *w);

/* The generation for a message of this product, and the version it is. NULL: there is none that could be
 * loaded; why says the reason, valid until the next call. */
struct th_gen *th_scripts_of(
    struct th_scripts *s, const struct th_product *p, int64_t *version, const char **why);

/* What a call of `function` used and how it ended: for the run records, and to retire a generation that a
 * kill left spent. */
void th_scripts_note(struct th_scripts *s, const struct th_product *p, const char *function, int64_t version,
    const struct th_report *report);

/* Builds a generation of a product's script text (NULL: the default product alone). Any thread that has a
 * budget. */
int th_scripts_build(struct th_budget *budget, const struct th_conf *conf, struct th_str default_text,
    const char *product, int64_t version, const char *source, void *owner, struct th_gen **out,
    struct th_report *report, struct th_error *err) TH_MUST_CHECK;
/* The default product's text. */
int th_scripts_default_text(const char *home, struct th_buf *text, struct th_error *err) TH_MUST_CHECK;

#endif
