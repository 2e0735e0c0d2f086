// SPDX-License-Identifier: Apache-2.0
// What stands in the address of the page.
import { oneOf, text, tidy } from "@/lib/search";
import { BUCKETS, RANGE_NAMES, type Bucket, type Range } from "@/lib/time";

export const TABS = ["values", "events", "connection", "shadow", "commands"] as const;
export type Tab = (typeof TABS)[number];

export interface DevicePageSearch {
  tab?: Tab;
  range?: Range;
  bucket?: Bucket;
  /** Properties in the chart, joined by commas. */
  show?: string;
  type?: string;
}

export function devicePageSearch(search: Record<string, unknown>): DevicePageSearch {
  return tidy({
    tab: oneOf(search.tab, TABS),
    range: oneOf(search.range, RANGE_NAMES),
    bucket: oneOf(search.bucket, BUCKETS),
    show: text(search.show, 1000),
    type: text(search.type, 128),
  });
}
