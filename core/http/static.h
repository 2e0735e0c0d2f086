/* SPDX-License-Identifier: Apache-2.0
 *
 * The built dashboard, served from memory: read once at the start with types, ETags and gzip forms. Files
 * whose name carries a hash (name-XXXXXXXX.js, as the bundler writes them under assets/) may be cached for
 * ever, all else is asked for again. Read by all workers. */
#ifndef TH_STATIC_H
#define TH_STATIC_H

#include "base/err.h"
#include "http/req.h"

/* Total size of the files and their number, against a wrong folder. */
#define TH_STATIC_MAX_BYTES (64u << 20)
#define TH_STATIC_MAX_FILES 4096

struct th_static;

/* Main thread. Hidden files, links and what is no file are left out. -TH_ENOTFOUND: no such folder, or no
 * index.html in it; -TH_ETOOBIG; -TH_EIO. */
int th_static_load(const char *folder, struct th_static **out, struct th_error *err) TH_MUST_CHECK;
void th_static_free(struct th_static *s);

/* Answers GET and HEAD for a file; for an unknown path that a browser asks as a page (it accepts text/html
 * and the last segment has no dot) with index.html, unless `reserved` is set (the path belongs to the API).
 * False: not ours, r is not answered. */
bool th_static_serve(const struct th_static *s, struct th_req *r, bool reserved);

#endif
