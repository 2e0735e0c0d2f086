// SPDX-License-Identifier: Apache-2.0
// What stands in the addresses of the pages.
import { flag, oneOf, text, tidy, whole } from "@/lib/search";

export const LEVELS = ["debug", "info", "warn", "error"] as const;
export type Level = (typeof LEVELS)[number];

export interface ScriptsSearch {
  active?: boolean;
  sort?: "product" | "-product";
  cursor?: string;
}

export function scriptsSearch(search: Record<string, unknown>): ScriptsSearch {
  return tidy({
    active: flag(search.active),
    sort: oneOf(search.sort, ["product", "-product"] as const),
    cursor: text(search.cursor, 2000),
  });
}

export const TABS = ["edit", "versions", "runs", "log", "history"] as const;
export type Tab = (typeof TABS)[number];

export interface ScriptPageSearch {
  tab?: Tab;
  /** What is looked at, and what it is compared with. */
  version?: number;
  with?: number;
  /** Of the log: at least of this level, of this device only. */
  level?: Level;
  device?: string;
}

export function scriptPageSearch(search: Record<string, unknown>): ScriptPageSearch {
  return tidy({
    tab: oneOf(search.tab, TABS),
    version: whole(search.version),
    with: whole(search.with),
    level: oneOf(search.level, LEVELS),
    device: text(search.device, 128),
  });
}
