// SPDX-License-Identifier: Apache-2.0
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { LatestEvent, LiveEvent } from "@/lib/live/messages";
import { makeApply } from "./apply";

const report = (device: string, time: string, params: Record<string, unknown>): LatestEvent => ({
  kind: "latest", product: "p", device, time, params,
});

let client: QueryClient;
let apply: ReturnType<typeof makeApply>;

beforeEach(() => {
  vi.useFakeTimers();
  client = new QueryClient();
  apply = makeApply(client);
});
afterEach(() => {
  apply.end();
  client.clear();
  vi.useRealTimers();
});

/** A query that is on the page. */
function shown<T>(queryKey: unknown[], queryFn: () => Promise<T>): () => T | undefined {
  const observer = new QueryObserver(client, { queryKey, queryFn, staleTime: Infinity, retry: false });
  observer.subscribe(() => undefined);
  return () => client.getQueryData<T>(queryKey);
}

const settle = () => vi.advanceTimersByTimeAsync(0);

it("keeps the newest value of each property, whatever comes when", async () => {
  const latest = shown(["device", "d", "latest"], async () => ({ properties: { a: { value: 1, time: "2026-01-01T00:00:05Z" } } }));
  await settle();
  apply.onEvents([report("d", "2026-01-01T00:00:09Z", { a: 3 }), report("d", "2026-01-01T00:00:07Z", { a: 2, b: 1 }), report("e", "2026-01-01T00:00:10Z", { a: 9 })]);
  expect(latest()).toEqual({
    properties: { a: { value: 3, time: "2026-01-01T00:00:09Z" }, b: { value: 1, time: "2026-01-01T00:00:07Z" } },
  });
});

it("is not undone by an answer that was on its way", async () => {
  let answer: (value: unknown) => void = () => undefined;
  const latest = shown(["device", "d", "latest"], () => new Promise((done) => (answer = done)));
  await settle();
  apply.onEvents([report("d", "2026-01-01T00:00:09Z", { a: 3 })]);
  answer({ properties: { a: { value: 1, time: "2026-01-01T00:00:05Z" } } });
  await settle();
  expect(latest()).toEqual({ properties: { a: { value: 3, time: "2026-01-01T00:00:09Z" } } });
});

it("changes the rows of the device list and nothing else", async () => {
  const rows = [
    { key: "d", online: false, seen_at: null },
    { key: "e", online: false, seen_at: null },
  ];
  const list = shown(["devices", "list", {}], async () => ({ items: rows, next_cursor: null }));
  await settle();
  const before = list();
  apply.onEvents([{ kind: "presence", product: "p", device: "x", time: "2026-01-01T00:00:00Z", online: true }]);
  expect(list()).toBe(before);
  apply.onEvents([{ kind: "presence", product: "p", device: "e", time: "2026-01-01T00:00:00Z", online: true }]);
  expect(list()?.items[0]).toBe(rows[0]);
  expect(list()?.items[1]).toEqual({ key: "e", online: true, seen_at: "2026-01-01T00:00:00Z" });
});

it("reads again what an event does not carry, at most once a second", async () => {
  const read = vi.fn(async () => []);
  shown(["device", "d", "commands"], read);
  await settle();
  const sent: LiveEvent = { kind: "command", product: "p", device: "d", state: "sent" };
  for (let i = 0; i < 50; i++) apply.onEvents([sent]);
  await vi.advanceTimersByTimeAsync(1_100);
  expect(read).toHaveBeenCalledTimes(2);
});

it("reads everything that follows the stream again when something was missed", async () => {
  const read = vi.fn(async () => ({ items: [] }));
  shown(["devices", "list", {}], read);
  await settle();
  apply.onMissed();
  await settle();
  expect(read).toHaveBeenCalledTimes(2);
});
