// SPDX-License-Identifier: Apache-2.0
// What stands in the addresses of the pages.
import { oneOf, text, tidy } from "@/lib/search";

export const JOB_KINDS = ["import", "action", "export"] as const;
export const JOB_STATES = ["queued", "running", "done", "failed", "canceled"] as const;
export const OUTCOMES = ["created", "updated", "unchanged", "error"] as const;

export interface JobSearch {
  kind?: (typeof JOB_KINDS)[number];
  state?: (typeof JOB_STATES)[number];
  cursor?: string;
}

export function jobSearch(search: Record<string, unknown>): JobSearch {
  return tidy({ kind: oneOf(search.kind, JOB_KINDS), state: oneOf(search.state, JOB_STATES), cursor: text(search.cursor, 2000) });
}

export interface JobPageSearch {
  outcome?: (typeof OUTCOMES)[number];
  cursor?: string;
}

export function jobPageSearch(search: Record<string, unknown>): JobPageSearch {
  return tidy({ outcome: oneOf(search.outcome, OUTCOMES), cursor: text(search.cursor, 2000) });
}
