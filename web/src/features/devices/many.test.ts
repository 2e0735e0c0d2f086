// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { selectionOf } from "./many";

it("means the devices of the list: by its filter, or all", () => {
  expect(selectionOf({ sort: "key", cursor: "x" })).toEqual({ all: true });
  expect(selectionOf({ q: "a", online: false, sort: "-key" })).toEqual({ filter: { q: "a", online: "false" } });
});
