/* SPDX-License-Identifier: Apache-2.0
 *
 * The items of a JSON array one by one, for an answer with more values than one tape takes (base/json.h).
 * Only the borders are found here; each item is then read, and so checked, by itself. */
#ifndef TH_JSON_ITEMS_H
#define TH_JSON_ITEMS_H

#include <stdbool.h>
#include "base/str.h"

/* False when the text does not begin an array. */
bool th_json_items_begin(struct th_str text, struct th_str *rest);
/* The next item's bytes; false at the end of the array, or where the text is cut off. */
bool th_json_items_next(struct th_str *rest, struct th_str *item);

#endif
