/* SPDX-License-Identifier: Apache-2.0
 *
 * A folder and those below it, watched for changes by people and their editors: these write in pieces, write
 * beside and rename, or write several files at once, so a change is told once it has been quiet for a moment.
 * What changed is not told: whoever watches compares. Hidden folders are not looked into. */
#ifndef TH_WATCH_H
#define TH_WATCH_H

#include <uv.h>
#include "base/err.h"

#define TH_WATCH_FOLDERS 256 /* more are not watched */

struct th_watch;
typedef void (*th_watch_cb)(void *arg);

/* On the loop's thread. cb is called from the loop, quiet_ms after the last change; also when the folder went
 * away and came back. Fails when it is not there now. */
int th_watch_start(struct th_watch **out, uv_loop_t *loop, const char *folder, uint64_t quiet_ms,
    th_watch_cb cb, void *arg, struct th_error *err) TH_MUST_CHECK;
/* No call comes after it; its memory is freed once the loop has run. */
void th_watch_stop(struct th_watch *w);

#endif
