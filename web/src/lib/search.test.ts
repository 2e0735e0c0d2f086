// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it, vi } from "vitest";
import { day, flag, oneOf, ownPath, text, tidy, whole } from "./search";

describe("what stands in the address", () => {
  it("reads text, also where it looks like a number", () => {
    expect([text("a"), text(12), text(true), text(""), text({}), text("abc", 2)]).toEqual([
      "a", "12", "true", undefined, undefined, undefined,
    ]);
  });
  it("leaves out what is not of its form", () => {
    expect([flag("true"), flag(false), flag("yes")]).toEqual([true, false, undefined]);
    expect([whole("7"), whole(-1), whole("x"), whole(1.5)]).toEqual([7, undefined, undefined, undefined]);
    expect([day("2026-01-31"), day("tomorrow"), day(3)]).toEqual(["2026-01-31", undefined, undefined]);
    expect([oneOf("b", ["a", "b"]), oneOf("c", ["a", "b"])]).toEqual(["b", undefined]);
    expect(tidy({ a: 1, b: undefined })).toEqual({ a: 1 });
  });
});

describe("ownPath", () => {
  vi.stubGlobal("location", { origin: "https://thingd.example" });
  it("goes to pages of this server", () => {
    expect(ownPath("/devices?q=a")).toEqual({ redirect: "/devices?q=a" });
  });
  it.each(["//evil.example/", "/\\evil.example", "https://evil.example/", "javascript:alert(1)", 3, undefined])(
    "and not to %j",
    (value) => expect(ownPath(value)).toEqual({}),
  );
});
