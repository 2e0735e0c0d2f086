// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { readBody } from "./body";

const text = (bytes: Uint8Array | null) => bytes && new TextDecoder().decode(bytes);

it("finds the device's message in the hook", () => {
  const body = readBody(JSON.stringify({ action: "message_publish", payload: btoa("<b>") }), "text");
  expect(text(body.payload)).toBe("<b>");
});

it("shows a cut hook as it is", () => {
  const body = readBody('{"action":"message_pub', "text");
  expect([text(body.hook), body.payload]).toEqual(['{"action":"message_pub', null]);
});

it("reads bytes that are no text", () => {
  expect(readBody("/wA=", "base64")).toEqual({ hook: Uint8Array.of(255, 0), payload: null });
});
