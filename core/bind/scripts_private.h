/* SPDX-License-Identifier: Apache-2.0
 *
 * Shared by the files of th_scripts: scripts.c, script_*.c and fallback.c. */
#ifndef TH_SCRIPTS_PRIVATE_H
#define TH_SCRIPTS_PRIVATE_H

#include "bind/health.h"
#include "bind/scripts.h"

/* One version of a product as it is loaded in this worker. */
struct th_loaded {
    int64_t version; /* of gen */
    int64_t activation;
    struct th_gen *gen;
    int64_t failed; /* a version that could not be loaded, and why */
    char why[600];
    struct th_health *health; /* NULL: nothing was run yet */
    bool reported;            /* what health says was told to the first worker */
    char last_error[200];
};

struct th_product_script {
    struct th_product_script *next;
    int64_t product_id;
    char key[129];
    int64_t stamp;    /* of the newest product that was seen */
    uint64_t used_ms; /* by the loop's clock */
    struct th_loaded in_force, canary;
    int64_t needed, canary_needed; /* devices it must fail for to be undone; 0: it never is */
    double percent;
    uint64_t window_us;
    enum th_log_level log_level; /* lines below it are dropped; until debug_until_ms none are */
    int64_t debug_until_ms;
    struct th_rate lines;
    unsigned lines_dropped;
    struct th_run_record *records;
};

struct th_product_script *th_scripts_entry(struct th_scripts *s, int64_t product_id);

/* script_records.c */
void th_records_note(
    struct th_product_script *e, const char *function, int64_t version, const struct th_report *r);
void th_records_flush(struct th_worker *w, void *scripts);
void th_records_free(struct th_product_script *e);
bool th_records_written(const struct th_product_script *e);

unsigned th_records_bucket(uint64_t value); /* of a histogram */

/* script_errors.c */
void th_errors_note(struct th_scripts *s, const struct th_device *d, const struct th_message *m,
    int64_t version, const struct th_report *r);
void th_errors_flush(struct th_scripts *s);
void th_errors_free(struct th_scripts *s);

/* script_lines.c */
struct th_script_line;
void th_lines_put(struct th_scripts *s, struct th_product_script *e, const struct th_script_line *line);
/* The same for what is not the script's own: no level, no cap. */
void th_lines_tell(struct th_scripts *s, struct th_product_script *e, const struct th_script_line *line);
void th_lines_every_second(struct th_scripts *s);
/* A th_gen_log_cb; the generation's owner is the worker. */
void th_lines_on_log(
    struct th_gen *gen, void *ctx, enum th_log_level level, struct th_str text, const char *where, int line);

/* fallback.c */
void th_fallback_start(struct th_scripts *s);
void th_fallback_stop(struct th_scripts *s);
void th_fallback_note(
    struct th_product_script *e, struct th_loaded *l, const struct th_device *d, const struct th_report *r);

#endif
