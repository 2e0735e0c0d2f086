/* SPDX-License-Identifier: Apache-2.0
 *
 * What instances tell each other about live events, as text. Pure. A message begins with the line
 * "TYPE INSTANCE"; an instance passes over what it sent itself and types it does not know.
 *
 *   want      KIND KIND ...       kinds that listeners without a device want; then a device a line
 *   events    then for each: the line "KIND REACH PRODUCT_ID DEVICE BYTES" (REACH named or all), that
 *             many bytes, a line feed
 *   hello     has just begun to listen: the others say what they want
 *   bye       wants nothing any more
 *   lost      some of its events did not get out
 *   recheck   rights have changed */
#ifndef TH_LIVE_WIRE_H
#define TH_LIVE_WIRE_H

#include "store/live.h"
#include "store/live_interest.h"

struct th_live_note {
    struct th_str type, from;
    struct th_str rest; /* after the first line */
};

void th_live_wire_begin(struct th_buf *out, const char *type, const char *from);
/* False: not of this form. */
bool th_live_wire_read(struct th_str text, struct th_live_note *out);

/* At most TH_LIVE_WIRE_DEVICES devices; with more, their listeners count as listeners to all. */
#define TH_LIVE_WIRE_DEVICES 500
void th_live_wire_want(struct th_buf *out, const struct th_live_interest *interest);
/* The kinds; devices are then read with th_live_wire_device, false after the last. */
unsigned th_live_wire_kinds(struct th_live_note *note);
bool th_live_wire_device(struct th_live_note *note, struct th_str *device);

void th_live_wire_event(struct th_buf *out, const struct th_live_event *e);
/* The next one, false after the last or when the rest is damaged. kind: of an unknown name
 * TH_LIVE_KIND_COUNT. */
struct th_live_item {
    enum th_live_kind kind;
    enum th_live_reach reach;
    int64_t product_id;
    struct th_str device, data;
};
bool th_live_wire_item(struct th_live_note *note, struct th_live_item *out);

#endif
