/* SPDX-License-Identifier: Apache-2.0
 *
 * The scripts of one worker: its CPU budget, the generation of the default product that all products without
 * code of their own share, and up to two generations per product that has a script: the version in force, and
 * the one that some of its devices run before all (a canary). Which these are comes with the product
 * (store/product.h); when they differ from what is loaded, the new one is built aside and swapped in between
 * two messages. If it cannot be loaded the old one stays. */
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
    struct th_suspects broken;      /* devices whose calls were killed again and again, with the version */
    struct th_fallbacks *fallbacks; /* the first worker's */
    struct th_product_script *loading, *logged; /* being built; the last that logged a line */
    struct th_error_sample *errors;             /* since the last flush */
    unsigned nerrors;
};

/* On the worker's thread. Reads plugins/product/default/init.lua below home. */
int th_scripts_start(struct th_worker *w, struct th_error *err) TH_MUST_CHECK;
void th_scripts_stop(struct th_worker *w);

/* The generation for a message of this device, and the version it is. NULL: there is none that could be
 * loaded; why says the reason, valid until the next call. */
struct th_gen *th_scripts_of(
    struct th_scripts *s, const struct th_device *d, int64_t *version, const char **why);
/* The version a message of this device would run now; 0: the default product. */
int64_t th_scripts_version(const struct th_device *d);

/* What a call of `function` used and how it ended: for the run records and the fallback, and to retire a
 * generation that a kill left spent. */
void th_scripts_note(struct th_scripts *s, const struct th_device *d, const char *function, int64_t version,
    const struct th_report *report);

/* Of a function that was put off. It may raise an error to be tried again, so that does not speak against the
 * version; a kill does. */
void th_scripts_note_later(
    struct th_scripts *s, const struct th_device *d, int64_t version, const struct th_report *report);

/* A call failed: a line in the product's live log, and a sample of the error. m NULL: it was not for a
 * message. */
void th_scripts_failed(struct th_scripts *s, const struct th_device *d, const struct th_message *m,
    int64_t version, const struct th_report *r);

/* Where scripts run. */
struct th_script_host {
    struct th_budget *budget;
    const struct th_conf *conf;
    struct th_str default_text; /* the default product's */
    th_gen_log_cb log;
    void *owner; /* th_gen_owner() */
};

/* Builds a generation of a product's script text (NULL: the default product alone) and of what it requires
 * (bind/modules.h; NULL: nothing). Any thread that has a budget. */
int th_scripts_build(const struct th_script_host *host, const char *product, int64_t version,
    const char *source, const char *modules, struct th_gen **out, struct th_report *report,
    struct th_error *err) TH_MUST_CHECK;
/* The default product's text. */
int th_scripts_default_text(const char *home, struct th_buf *text, struct th_error *err) TH_MUST_CHECK;

#endif
