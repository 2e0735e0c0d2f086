// SPDX-License-Identifier: Apache-2.0
// What stands in the address of the page.
import { flag, oneOf, text, tidy } from "@/lib/search";

export const DEVICE_SORTS = ["key", "-key", "name", "-name", "seen_at", "-seen_at", "created_at", "-created_at"] as const;
export const SOURCES = ["manual", "auto", "import"] as const;

export interface DeviceSearch {
  q?: string;
  product?: string;
  online?: boolean;
  enabled?: boolean;
  tag?: string;
  attribute?: string;
  source?: (typeof SOURCES)[number];
  sort?: (typeof DEVICE_SORTS)[number];
  cursor?: string;
}

export function deviceSearch(search: Record<string, unknown>): DeviceSearch {
  return tidy({
    q: text(search.q),
    product: text(search.product, 128),
    online: flag(search.online),
    enabled: flag(search.enabled),
    tag: text(search.tag, 64),
    attribute: text(search.attribute, 500),
    source: oneOf(search.source, SOURCES),
    sort: oneOf(search.sort, DEVICE_SORTS),
    cursor: text(search.cursor, 2000),
  });
}
