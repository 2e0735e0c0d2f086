/* SPDX-License-Identifier: Apache-2.0
 *
 * Migrations: files migrations/NNNN_verb_noun.sql, applied in order, each in one transaction together with
 * its line in schema_migration (number, name, SHA-256 of the file). An advisory lock lets one process do it
 * while others wait. A file that was applied and has changed since is refused. Blocking; used at boot and by
 * `thingd migrate`. */
#ifndef TH_MIGRATE_H
#define TH_MIGRATE_H

#include <stdbool.h>
#include "base/err.h"

/* Applies what is missing; *applied counts it. dry: counts only. */
int th_migrate(
    const char *database_url, const char *folder, bool dry, int *applied, struct th_error *err) TH_MUST_CHECK;

#endif
