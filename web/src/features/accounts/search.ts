// SPDX-License-Identifier: Apache-2.0
// What stands in the address of the page.
import { flag, oneOf, text, tidy } from "@/lib/search";

export const ACCOUNT_SORTS = ["key", "-key", "created_at", "-created_at"] as const;

export interface AccountSearch {
  role?: string;
  enabled?: boolean;
  sort?: (typeof ACCOUNT_SORTS)[number];
  cursor?: string;
}

export function accountSearch(search: Record<string, unknown>): AccountSearch {
  return tidy({
    role: text(search.role, 128),
    enabled: flag(search.enabled),
    sort: oneOf(search.sort, ACCOUNT_SORTS),
    cursor: text(search.cursor, 2000),
  });
}
