// SPDX-License-Identifier: Apache-2.0
// What stands in the address of the page.
import { day, text, tidy } from "@/lib/search";

export interface AuditSearch {
  action?: string;
  actor?: string;
  product?: string;
  target?: string;
  /** Days in the viewer's zone, both included. */
  from?: string;
  to?: string;
  cursor?: string;
}

export function auditSearch(search: Record<string, unknown>): AuditSearch {
  return tidy({
    action: text(search.action, 100),
    actor: text(search.actor, 200),
    product: text(search.product, 128),
    target: text(search.target, 300),
    from: day(search.from),
    to: day(search.to),
    cursor: text(search.cursor, 2000),
  });
}
