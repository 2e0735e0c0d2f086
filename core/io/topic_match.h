/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TH_TOPIC_MATCH_H
#define TH_TOPIC_MATCH_H

#include <stdbool.h>
#include "base/str.h"

/* Whether an MQTT topic filter (+ and # understood, $share/GROUP/ skipped) takes in a topic, by MQTT 5, 4.7:
 * # also matches its parent level, and a wildcard in the first level never matches a topic that begins with
 * $. A filter that is malformed matches nothing. */
bool th_topic_match(struct th_str filter, struct th_str topic);

#endif
