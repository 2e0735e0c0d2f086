// SPDX-License-Identifier: Apache-2.0
// Lines of the live log, put behind those that are shown.
import type { QueryClient } from "@tanstack/react-query";
import type { ScriptLogEvent } from "@/lib/live/messages";
import { LOG_LINES, type LogLine } from "./queries";
import { LEVELS, type Level } from "./search";

interface Log {
  items: LogLine[];
}

export function withLines<T extends Log>(log: T, lines: LogLine[], level: Level, device: string | undefined): T {
  const last = log.items.at(-1)?.seq ?? -1;
  const wanted = lines.filter(
    (line) => line.seq > last && LEVELS.indexOf(line.level) >= LEVELS.indexOf(level) && (!device || line.device === device),
  );
  return wanted.length > 0 ? { ...log, items: [...log.items, ...wanted].slice(-LOG_LINES) } : log;
}

export function logged(client: QueryClient, events: ScriptLogEvent[]): void {
  for (const { queryKey } of client.getQueryCache().findAll({ queryKey: ["script-log"], type: "active" })) {
    const [, product, level, device] = queryKey as ["script-log", string, Level, string | undefined];
    const lines = events.filter((event) => event.product === product) as unknown as LogLine[];
    client.setQueryData<Log>(queryKey, (log) => log && withLines(log, lines, level, device));
  }
}
