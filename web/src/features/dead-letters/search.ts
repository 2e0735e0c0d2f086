// SPDX-License-Identifier: Apache-2.0
// What stands in the address of the page.
import { day, text, tidy, whole } from "@/lib/search";

export interface LetterSearch {
  reason?: string;
  product?: string;
  device?: string;
  /** Days in the viewer's zone, both included. */
  from?: string;
  to?: string;
  cursor?: string;
  letter?: number;
}

export function letterSearch(search: Record<string, unknown>): LetterSearch {
  return tidy({
    reason: text(search.reason, 64),
    product: text(search.product, 128),
    device: text(search.device, 128),
    from: day(search.from),
    to: day(search.to),
    cursor: text(search.cursor, 2000),
    letter: whole(search.letter),
  });
}
