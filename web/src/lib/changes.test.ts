// SPDX-License-Identifier: Apache-2.0
import { MutationObserver, QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
import { readAgain } from "./changes";

it("is done when the server says so, while what is shown is still being read", async () => {
  const client = new QueryClient();
  let reads = 0;
  const shown = new QueryObserver(client, {
    queryKey: ["things", "one"],
    queryFn: () => (++reads === 1 ? Promise.resolve("old") : new Promise<string>(() => undefined)),
  });
  const leave = shown.subscribe(() => undefined);
  await vi.waitFor(() => expect(shown.getCurrentResult().data).toBe("old"));

  const change = new MutationObserver(client, {
    mutationFn: () => Promise.resolve("new"),
    onSuccess: () => readAgain(client, { queryKey: ["things"] }),
  });
  const away = change.subscribe(() => undefined);
  const said = vi.fn();
  await change.mutate(undefined, { onSuccess: said });
  expect(said).toHaveBeenCalledOnce();
  expect(reads).toBe(2);
  away();
  leave();
});

it("forgets what is not on the page", async () => {
  const client = new QueryClient();
  client.setQueryData(["things", "list"], ["gone"]);
  client.setQueryData(["others"], ["there"]);
  readAgain(client, { queryKey: ["things"] });
  expect(client.getQueryData(["things", "list"])).toBeUndefined();
  expect(client.getQueryData(["others"])).toEqual(["there"]);
});
