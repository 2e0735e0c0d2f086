// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { shownNames, toColumns } from "./series";

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
