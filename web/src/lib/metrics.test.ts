// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { parseMetrics, rate } from "./metrics";

it("reads figures and sums over labels", () => {
  const text = '# HELP a b\n# TYPE a counter\na 5\nb{x="1"} 2\nb{x="2"} 3.5\nc 1e3\nbroken\n';
  expect(parseMetrics(text)).toEqual({ a: 5, b: 5.5, c: 1000 });
});

it("tells the rate, and not across a start of the server", () => {
  const before = { at: 1000, figures: { n: 10 } };
  expect(rate(before, { at: 3000, figures: { n: 30 } }, "n")).toBe(10);
  expect(rate(before, { at: 3000, figures: { n: 3 } }, "n")).toBeNull();
  expect(rate(before, before, "n")).toBeNull();
});
