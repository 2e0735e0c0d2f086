// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { SseReader } from "./sse";

it("reads events however they are cut", () => {
  const text = 'id: 7\nevent: latest\ndata: {"a":1}\n\n: note\n\ndata: x\r\ndata: y\r\n\r\n';
  for (let cut = 0; cut < text.length; cut++) {
    const reader = new SseReader();
    const found = [...reader.feed(text.slice(0, cut)), ...reader.feed(text.slice(cut))];
    expect(found).toEqual([
      { type: "latest", data: '{"a":1}' },
      { type: "message", data: "x\ny" },
    ]);
    expect(reader.lastId).toBe("7");
  }
});

it("keeps the place that a sign of life names", () => {
  const reader = new SseReader("4");
  expect(reader.feed(": alive\nid: 5\n\n")).toEqual([]);
  expect(reader.lastId).toBe("5");
});
