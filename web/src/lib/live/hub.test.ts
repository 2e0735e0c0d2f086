// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Hub } from "./hub";
import type { ToTab } from "./messages";

interface Call {
  headers: Headers;
  write: (text: string) => void;
  end: () => void;
  aborted: () => boolean;
}

let calls: Call[];
let answer: () => number;

function fakeFetch(_url: string, init: RequestInit): Promise<Response> {
  const status = answer();
  let out: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({ start: (controller) => void (out = controller) });
  const signal = init.signal as AbortSignal;
  signal.addEventListener("abort", () => out.error(signal.reason));
  calls.push({
    headers: new Headers(init.headers),
    write: (text) => out.enqueue(new TextEncoder().encode(text)),
    end: () => out.close(),
    aborted: () => signal.aborted,
  });
  return Promise.resolve(new Response(status === 200 ? body : null, { status }));
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const call = (i: number) => calls[i] as Call;

function tab() {
  const got: ToTab[] = [];
  return { got, tell: (message: ToTab) => void got.push(message), states: () => got.flatMap((m) => (m.type === "state" ? [m.state] : [])) };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", fakeFetch);
  calls = [];
  answer = () => 200;
});
afterEach(() => void vi.useRealTimers());

it("has one stream for all tabs of a viewer, and tells each of every event", async () => {
  const hub = new Hub("/events");
  const [a, b, c] = [tab(), tab(), tab()];
  hub.take("a", a.tell, { type: "hello", token: null, hidden: false });
  hub.take("b", b.tell, { type: "hello", token: null, hidden: false });
  hub.take("c", c.tell, { type: "hello", token: "t", hidden: false });
  await settle();
  expect(calls.map(({ headers }) => headers.get("authorization"))).toEqual([null, "Bearer t"]);
  call(0).write('event: presence\ndata: {"device":"d","online":true}\n\n');
  await settle();
  const event = { type: "events", events: [{ kind: "presence", device: "d", online: true }] };
  expect(a.got).toContainEqual(event);
  expect(b.got).toContainEqual(event);
  expect(c.got).not.toContainEqual(event);
});

it("ends the stream with the last tab", async () => {
  const hub = new Hub("/events");
  const [a, b] = [tab(), tab()];
  hub.take("a", a.tell, { type: "hello", token: null, hidden: false });
  hub.take("b", b.tell, { type: "hello", token: null, hidden: false });
  await settle();
  hub.take("a", a.tell, { type: "bye" });
  expect(call(0).aborted()).toBe(false);
  hub.take("b", b.tell, { type: "bye" });
  expect(call(0).aborted()).toBe(true);
});

it("tells hidden tabs nothing but that they missed something, and rests when all are hidden", async () => {
  const hub = new Hub("/events");
  const a = tab();
  hub.take("a", a.tell, { type: "hello", token: null, hidden: false });
  await settle();
  hub.take("a", a.tell, { type: "hide" });
  call(0).write("id: 9\nevent: event\ndata: {}\n\n");
  await settle();
  expect(a.got.some(({ type }) => type === "events")).toBe(false);
  await vi.advanceTimersByTimeAsync(31_000);
  expect(call(0).aborted()).toBe(true);
  hub.take("a", a.tell, { type: "show" });
  await settle();
  expect(a.got).toContainEqual({ type: "missed" });
  expect(call(1).headers.get("last-event-id")).toBe("9");
});

it("comes back after the connection was lost, where it was", async () => {
  const hub = new Hub("/events");
  const a = tab();
  hub.take("a", a.tell, { type: "hello", token: null, hidden: false });
  await settle();
  call(0).write(": alive\nid: 3\n\n");
  await settle();
  call(0).end();
  await vi.advanceTimersByTimeAsync(1_100);
  expect(call(1).headers.get("last-event-id")).toBe("3");
  call(1).write("event: resync\ndata: {}\n\n");
  await settle();
  expect(a.states()).toEqual(["connecting", "live", "waiting", "live"]);
  expect(a.got.at(-1)).toEqual({ type: "missed" });
});

it("gives up a connection that is silent, and waits longer from time to time", async () => {
  const hub = new Hub("/events");
  const a = tab();
  hub.take("a", a.tell, { type: "hello", token: null, hidden: false });
  await settle();
  answer = () => 503;
  await vi.advanceTimersByTimeAsync(41_000);
  expect(call(0).aborted()).toBe(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(calls.length).toBeGreaterThan(3);
  expect(calls.length).toBeLessThan(12);
});

it("says when it is refused, and asks again later", async () => {
  answer = () => 403;
  const hub = new Hub("/events");
  const a = tab();
  hub.take("a", a.tell, { type: "hello", token: null, hidden: false });
  await settle();
  expect(a.states().at(-1)).toBe("refused");
  answer = () => 200;
  await vi.advanceTimersByTimeAsync(61_000);
  expect(a.states().at(-1)).toBe("live");
});
