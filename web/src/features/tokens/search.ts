// SPDX-License-Identifier: Apache-2.0
// What stands in the address of the page.
import { oneOf, text, tidy } from "@/lib/search";

export const TOKEN_SORTS = ["created_at", "-created_at", "name", "-name"] as const;

export interface TokenSearch {
  role?: string;
  sort?: (typeof TOKEN_SORTS)[number];
  cursor?: string;
}

export function tokenSearch(search: Record<string, unknown>): TokenSearch {
  return tidy({ role: text(search.role, 128), sort: oneOf(search.sort, TOKEN_SORTS), cursor: text(search.cursor, 2000) });
}
