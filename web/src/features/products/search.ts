// SPDX-License-Identifier: Apache-2.0
// What stands in the address of the page.
import { oneOf, text, tidy } from "@/lib/search";

export const PRODUCT_SORTS = ["key", "-key", "name", "-name", "created_at", "-created_at"] as const;

export interface ProductSearch {
  q?: string;
  sort?: (typeof PRODUCT_SORTS)[number];
  cursor?: string;
}

export function productSearch(search: Record<string, unknown>): ProductSearch {
  return tidy({ q: text(search.q), sort: oneOf(search.sort, PRODUCT_SORTS), cursor: text(search.cursor, 2000) });
}
