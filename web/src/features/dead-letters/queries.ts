// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas } from "@/lib/api/client";
import { useReadAgain } from "@/lib/changes";
import { tidy } from "@/lib/search";
import { dayStart } from "@/lib/time";
import type { LetterSearch } from "./search";

export type DeadLetter = Schemas["DeadLetter"];

/** The filter as the server takes it, for lists and for what is done to all that match. */
export function filterOf({ reason, product, device, from, to }: LetterSearch): Schemas["DeadLetterFilter"] {
  return tidy({
    reason,
    product,
    device,
    from: from && dayStart(from, 0),
    to: to && dayStart(to, 1),
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

/** Not the letter that is open: it may be gone. */
const useChanged = () => useReadAgain({ predicate: ({ queryKey }) => queryKey[0] === "dead-letters" && queryKey[1] !== "one" });

export function useReplay() {
  const client = useQueryClient();
  const changed = useChanged();
  return useMutation({
    mutationFn: (letter: number) => api.post("/api/v1/dead-letters/{letter}/replay", { path: { letter } }),
    onSuccess: (result, letter) => {
      if (result.dead) void client.invalidateQueries({ queryKey: letterQuery(letter).queryKey });
      changed();
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
