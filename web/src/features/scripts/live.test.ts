// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { withLines } from "./live";
import type { LogLine } from "./queries";

const line = (seq: number, level: LogLine["level"], device: string | null = null): LogLine => ({
  seq, level, device, line: 1, product: "p", text: "t", time: "2026-01-01T00:00:00Z", version: 1, where: "w",
});

it("adds what is new and wanted, once", () => {
  const log = { items: [line(1, "info")] };
  const more = withLines(log, [line(1, "info"), line(2, "debug"), line(3, "warn", "d"), line(4, "error", "e")], "info", undefined);
  expect(more.items.map(({ seq }) => seq)).toEqual([1, 3, 4]);
  expect(withLines(log, [line(5, "error", "e")], "info", "d")).toBe(log);
});
