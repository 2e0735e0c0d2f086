// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { mergePatch } from "./merge-patch";

it.each([
  ["nothing changed", { a: 1, b: { c: [1, { d: 2 }] } }, { b: { c: [1, { d: 2 }] }, a: 1 }, {}],
  ["set and removed", { a: 1, b: 2 }, { a: 3, c: 4 }, { a: 3, b: null, c: 4 }],
  ["inside an object", { a: { b: 1, c: 2 } }, { a: { b: 1, d: 3 } }, { a: { c: null, d: 3 } }],
  ["lists are replaced", { a: [1, 2] }, { a: [1, 2, 3] }, { a: [1, 2, 3] }],
  ["an object for a number", { a: 1 }, { a: { b: 2 } }, { a: { b: 2 } }],
  ["names of Object's own", {}, { constructor: 1, toString: "x" }, { constructor: 1, toString: "x" }],
])("%s", (_, before, after, patch) => {
  expect(mergePatch(before, after)).toEqual(patch);
});

it("makes a member of __proto__, not a prototype", () => {
  const patch = mergePatch({}, JSON.parse('{"__proto__":{"x":1}}') as Record<string, unknown>);
  expect(JSON.stringify(patch)).toBe('{"__proto__":{"x":1}}');
  expect(({} as { x?: number }).x).toBeUndefined();
});
