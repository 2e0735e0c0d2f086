// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { asText, formatBytes, fromBase64, hexDump, inline, prettyText, safeHref, shortNumber } from "./data";

describe("safeHref", () => {
  it.each(["http://example.org/", "https://example.org/a?b=c#d", "HTTPS://example.org/"])("opens %s", (url) => {
    expect(safeHref(url)).toBe(new URL(url).href);
  });
  it.each([
    "javascript:alert(1)",
    "JaVaScRiPt://example.org/%0aalert(1)",
    " https://example.org/",
    "\u0001https://example.org/",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "//example.org/",
    "/api/v1/session",
    "https://",
    "https://user:secret@example.org/",
    `https://example.org/${"a".repeat(3000)}`,
    7,
    null,
    { href: "https://example.org/" },
  ])("refuses %j", (value) => {
    expect(safeHref(value)).toBeNull();
  });
});

describe("bytes", () => {
  it("shows them as hexdump does", () => {
    const dump = hexDump(new TextEncoder().encode("thing\u0000<img>0123456789"));
    expect(dump.split("\n")).toEqual([
      "000000  74 68 69 6e 67 00 3c 69  6d 67 3e 30 31 32 33 34  thing.<img>01234",
      "000010  35 36 37 38 39                                    56789",
    ]);
  });
  it("says how many it leaves out", () => {
    expect(hexDump(new Uint8Array(40), 16).split("\n").at(-1)).toBe("…      24 bytes more");
  });
  it("takes text for text and nothing else", () => {
    expect(asText(new TextEncoder().encode("grün\n"))).toBe("grün\n");
    expect(asText(Uint8Array.of(0xff, 0xfe))).toBeNull();
    expect(asText(Uint8Array.of(0x41, 0x00))).toBeNull();
  });
  it("reads base64 or says no", () => {
    expect(fromBase64("AP8=")).toEqual(Uint8Array.of(0, 255));
    expect(fromBase64("?")).toBeNull();
  });
  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1536, "1.5 KiB"],
    [20 * 1024 * 1024, "20 MiB"],
  ])("writes %d as %s", (n, text) => expect(formatBytes(n)).toBe(text));
});

describe("values", () => {
  it("writes them in one line", () => {
    expect(inline({ a: [1, "<b>"] })).toBe('{"a":[1,"<b>"]}');
    expect(inline(undefined)).toBe("");
    expect(inline("x".repeat(200), 10)).toBe("xxxxxxxxx…");
  });
  it("indents JSON and leaves the rest", () => {
    expect(prettyText('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(prettyText("{a")).toBe("{a");
  });
});

describe("shortNumber", () => {
  it.each([
    [21.666666666666668, "21.666667"],
    [0.1 + 0.2, "0.3"],
    [1e-9, "1e-9"],
    [1234567890123, "1234567890123"],
    [-0.5, "-0.5"],
  ])("shows %d as %s", (value, text) => {
    expect(shortNumber(value)).toBe(text);
  });
});
