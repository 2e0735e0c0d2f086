// SPDX-License-Identifier: Apache-2.0
// What stands in the address of the page.
import { oneOf, text, tidy } from "@/lib/search";

export const KINDS = ["static", "query"] as const;
export const GROUP_SORTS = ["key", "-key", "name", "-name"] as const;

export interface GroupSearch {
  kind?: (typeof KINDS)[number];
  product?: string;
  sort?: (typeof GROUP_SORTS)[number];
  cursor?: string;
}

export function groupSearch(search: Record<string, unknown>): GroupSearch {
  return tidy({
    kind: oneOf(search.kind, KINDS),
    product: text(search.product, 128),
    sort: oneOf(search.sort, GROUP_SORTS),
    cursor: text(search.cursor, 2000),
  });
}
