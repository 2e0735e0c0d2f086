/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages that will never be accepted. Per device, reason and minute the first dead_letter.per_minute are
 * kept whole, the rest is counted (dead_letter_count). Reasons are stable words; the API filters by them. */
#ifndef TH_DEAD_LETTER_H
#define TH_DEAD_LETTER_H

#include "store/store.h"

#define TH_DEAD_NOT_HOOK "bad_hook"   /* the hook's body is not one of the broker's */
#define TH_DEAD_TOPIC "bad_topic"     /* not a thing-model topic */
#define TH_DEAD_FORGED "forged_topic" /* the topic is another's */
#define TH_DEAD_NODE "wrong_node"     /* the token belongs to another node */
#define TH_DEAD_PAYLOAD "bad_payload" /* not JSON, or not of the protocol's shape */
#define TH_DEAD_TOO_LARGE "too_large" /* over the product's payload limit */
#define TH_DEAD_UNKNOWN "unknown_device"
#define TH_DEAD_DISABLED "disabled"     /* device or product */
#define TH_DEAD_PRODUCT "wrong_product" /* the device belongs to another product */
#define TH_DEAD_RATE "rate_limited"     /* over the rate of the device or its product */
#define TH_DEAD_NO_HANDLER "no_handler" /* nothing takes this topic */
#define TH_DEAD_SCRIPT "script_error"
#define TH_DEAD_SCRIPTS_OFF "scripts_off"      /* the product's scripts are switched off */
#define TH_DEAD_REJECTED "rejected"            /* by the product's script */
#define TH_DEAD_DATABASE "refused_by_database" /* the last net */

#define TH_DEAD_BODY_MAX 65536

struct th_dead_letters *th_dead_letters_new(int64_t per_minute);
void th_dead_letters_free(struct th_dead_letters *d);

/* Sets the message's verdict to DEAD or, over the limit of this minute, to REFUSED. */
void th_dead_letter_judge(struct th_store *s, struct th_message *m);

/* Time of the row: the process's clock, since the hook's may be nonsense. */
int64_t th_dead_letter_time(const struct th_message *m);
/* At most 1,000 bytes; when it is not UTF-8 or holds a NUL, all but printable ASCII becomes '?', in scratch,
 * where it stays until the next call. */
struct th_str th_dead_letter_text(struct th_buf *scratch, struct th_str s);

#endif
