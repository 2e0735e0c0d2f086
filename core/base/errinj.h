/* SPDX-License-Identifier: Apache-2.0
 *
 * Failure points: places where a test can make the program behave as if something had gone wrong.
 *     if (TH_ERRINJ_POINT("spool.fsync")) ...
 * is true for the next `count` passes after the point was armed, from any thread, else false. The environment
 * variable THINGD_ERRINJ="name=count,..." arms points at the start. Without -DTH_ERRINJ a point is the
 * constant false and leaves nothing in the binary. */
#ifndef TH_ERRINJ_H
#define TH_ERRINJ_H

#include <stdbool.h>

#ifdef TH_ERRINJ
#define TH_ERRINJ_POINT(name) th_errinj_hit(name)
bool th_errinj_hit(const char *name);
/* Arms (or with 0 disarms) a point; name must stay valid. At most 64 points. */
void th_errinj_arm(const char *name, int count);
#else
#define TH_ERRINJ_POINT(name) false
#endif

#endif
