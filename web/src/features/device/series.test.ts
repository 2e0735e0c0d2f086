// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { addToSeries, shownNames, toColumns } from "./series";

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const MINUTE = 60_000;

it("shows the first two numbers, or what the address names", () => {
  const properties = { c: { value: 1 }, a: { value: 2 }, text: { value: "x" }, b: { value: 3 } };
  expect(shownNames(undefined, properties)).toEqual(["a", "b"]);
  expect(shownNames("c,c,,a", properties)).toEqual(["c", "a"]);
  expect(shownNames("-", properties)).toEqual([]);
  expect(shownNames("1,2,3,4,5,6,7,8", properties)).toHaveLength(6);
});

it("turns buckets into columns and breaks the line where they are missing", () => {
  const point = (minute: number, avg: number) => ({ time: at(minute), properties: { a: { avg, min: avg - 1, max: avg + 1 } } });
  const [times, avg, min, max, other] = toColumns([point(0, 5), point(1, 6), point(9, 7)], ["a", "toString"], MINUTE);
  expect(times).toHaveLength(4);
  expect(avg).toEqual([5, 6, null, 7]);
  expect(min).toEqual([4, 5, null, 6]);
  expect(max).toEqual([6, 7, null, 8]);
  expect(other).toEqual([null, null, null, null]);
});

it("puts a report into its bucket and moves the window on", () => {
  const at = (second: number) => new Date(second * 1000).toISOString();
  const report = (second: number, params: Record<string, unknown>) =>
    ({ kind: "latest", product: "p", device: "d", time: at(second), params }) as const;
  const start = {
    points: [
      { time: at(0), properties: { a: { min: 1, max: 1, avg: 1, count: 1 } } },
      { time: at(100), properties: { a: { min: 2, max: 4, avg: 3, count: 2 } } },
    ],
    from: 5_000,
    to: 105_000,
  };
  const inside = addToSeries(start, report(104, { a: 6, note: "x" }), 10_000);
  expect(inside.points.at(-1)).toEqual({ time: at(100), properties: { a: { min: 2, max: 6, avg: 4, count: 3 } } });
  const next = addToSeries(inside, report(121, { b: 1 }), 10_000);
  expect(next.points.at(-1)).toEqual({ time: at(120), properties: { b: { min: 1, max: 1, avg: 1, count: 1 } } });
  expect([next.from, next.to, next.points.length]).toEqual([21_000, 121_000, 2]);
  expect(addToSeries(next, report(50, { a: 1 }), 10_000)).toBe(next);
});
