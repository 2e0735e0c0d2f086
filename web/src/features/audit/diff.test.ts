// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { changesOf } from "./diff";

it("names what differs, and nothing else", () => {
  expect(changesOf({ a: 1, s: { x: 1, y: [1] } }, { a: 1, s: { x: 2, y: [1] }, b: null })).toEqual([
    { path: "b", before: undefined, after: null },
    { path: "s.x", before: 1, after: 2 },
  ]);
});

it("takes apart what was made and what was removed", () => {
  expect(changesOf(null, { a: { b: 1 } })).toEqual([{ path: "a.b", before: undefined, after: 1 }]);
  expect(changesOf({ a: [1, 2] }, null)).toEqual([{ path: "a", before: [1, 2], after: undefined }]);
});

it("is empty when nothing changed", () => {
  expect(changesOf(null, null)).toEqual([]);
  expect(changesOf({ a: [1] }, { a: [1] })).toEqual([]);
});
