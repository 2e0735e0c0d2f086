// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas } from "@/lib/api/client";
import { day, text, tidy, whole } from "@/lib/search";

export type DeadLetter = Schemas["DeadLetter"];

export interface LetterSearch {
  reason?: string;
  product?: string;
  device?: string;
  /** Days in the viewer's zone, both included. */
  from?: string;
  to?: string;
  cursor?: string;
  letter?: number;
}

export function letterSearch(search: Record<string, unknown>): LetterSearch {
  return tidy({
    reason: text(search.reason, 64),
    product: text(search.product, 128),
    device: text(search.device, 128),
    from: day(search.from),
    to: day(search.to),
    cursor: text(search.cursor, 2000),
    letter: whole(search.letter),
  });
}

/** The filter as the server takes it, for lists and for what is done to all that match. */
export function filterOf({ reason, product, device, from, to }: LetterSearch): Schemas["DeadLetterFilter"] {
  const start = (text: string, days: number) => {
    const date = new Date(`${text}T00:00:00`);
    date.setDate(date.getDate() + days);
    return date.toISOString();
  };
  return tidy({
    reason,
    product,
    device,
    from: from && start(from, 0),
    to: to && start(to, 1),
  });
}

const PAGE = 50;

export function lettersQuery({ cursor, letter: _, ...search }: LetterSearch) {
  return queryOptions({
    queryKey: ["dead-letters", "list", search, cursor],
    queryFn: ({ signal }) =>
      api.get("/api/v1/dead-letters", {
        query: { ...filterOf(search), limit: PAGE, ...(cursor ? { cursor } : {}) },
        signal,
      }),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });
}

export function letterQuery(letter: number) {
  return queryOptions({
    queryKey: ["dead-letters", "one", letter],
    queryFn: ({ signal }) => api.get("/api/v1/dead-letters/{letter}", { path: { letter }, signal }),
  });
}

function useChanged() {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["dead-letters", "list"] }),
      client.invalidateQueries({ queryKey: ["dead-letters", "newest"] }),
    ]);
}

export function useReplay() {
  const client = useQueryClient();
  const changed = useChanged();
  return useMutation({
    mutationFn: (letter: number) => api.post("/api/v1/dead-letters/{letter}/replay", { path: { letter } }),
    onSuccess: (result, letter) => {
      if (result.dead) void client.invalidateQueries({ queryKey: letterQuery(letter).queryKey });
      return changed();
    },
  });
}

export function useDiscard() {
  return useMutation({
    mutationFn: (letter: number) => api.delete("/api/v1/dead-letters/{letter}", { path: { letter } }),
    onSuccess: useChanged(),
  });
}

const AT_ONCE = 1000;

export function useReplayAll() {
  return useMutation({
    mutationFn: (filter: Schemas["DeadLetterFilter"]) =>
      api.post("/api/v1/dead-letters/replay", { body: { ...filter, limit: AT_ONCE } }),
    onSuccess: useChanged(),
  });
}

export function useDiscardAll() {
  return useMutation({
    mutationFn: (filter: Schemas["DeadLetterFilter"]) =>
      api.post("/api/v1/dead-letters/discard", { body: { ...filter, limit: AT_ONCE } }),
    onSuccess: useChanged(),
  });
}
