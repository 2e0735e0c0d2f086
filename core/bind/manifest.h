/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TH_BIND_MANIFEST_H
#define TH_BIND_MANIFEST_H

#include "script/gen.h"
#include "store/manifest.h"

/* What the script of a generation declares, read from the table that it returned. An error is one for people:
 * "topics.publish: ... begins with a wildcard". */
int th_scripts_manifest(struct th_gen *gen, struct th_manifest *m, struct th_error *err) TH_MUST_CHECK;

#endif
