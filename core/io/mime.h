/* SPDX-License-Identifier: Apache-2.0
 *
 * A letter as it goes over the wire (RFC 5322, MIME). Pure functions. What stands in a letter comes from
 * people and devices: names and subject are encoded whole (RFC 2047) unless they are plain ASCII, both bodies
 * travel as base64, so that nothing in them can become a header, a second recipient or another part. */
#ifndef TH_MIME_H
#define TH_MIME_H

#include <stdbool.h>
#include <stdint.h>
#include "base/str.h"

struct th_mime {
    struct th_str from; /* ADDRESS or NAME <ADDRESS> */
    struct th_str to;   /* ADDRESS */
    struct th_str id;   /* the left half of the Message-ID: letters, digits, dots */
    int64_t time_ms;
    struct th_str subject, text, html; /* UTF-8; html may be empty */
};

/* local@domain in ASCII, at most 254 bytes, without quotes, comments, blanks or anything a command of SMTP
 * could be continued with. */
bool th_mime_is_address(struct th_str s);
/* Takes NAME <ADDRESS> apart; name is empty when there is none. False when the address is none. */
bool th_mime_mailbox(struct th_str s, struct th_str *name, struct th_str *address);

/* from and to must be good. Appends lines that end in CR LF, each of at most 78 bytes but for an address that
 * is longer. */
void th_mime_write(struct th_buf *out, const struct th_mime *m);

#endif
