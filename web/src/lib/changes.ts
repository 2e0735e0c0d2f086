// SPDX-License-Identifier: Apache-2.0
// What happens to the cache when something was changed at the server.
import { useMutation, useQueryClient, type QueryClient, type QueryFilters, type QueryKey } from "@tanstack/react-query";
import type { Tagged } from "@/lib/api/client";

/**
 * What is on the page is read again, the rest when it is looked at. It is not to be waited for in a mutation: a new
 * answer may take away the component that asked, and with it what it wanted to do when the change is made.
 */
export function readAgain(client: QueryClient, filters: QueryFilters): void {
  const cache = client.getQueryCache();
  for (const query of cache.findAll(filters)) if (query.getObserversCount() === 0) cache.remove(query);
  void client.invalidateQueries(filters);
}

export function useReadAgain(filters: QueryFilters): () => void {
  const client = useQueryClient();
  return () => readAgain(client, filters);
}

export interface Change<B> {
  body: B;
  /** Revision that it is for. */
  etag: string | null;
}

/** Saves a form; its page is `one`. What was refused may be another's doing, so it is read again then too. */
export function useSave<T, B>(one: QueryKey, all: QueryKey, send: (change: Change<B>) => Promise<Tagged<T>>) {
  const client = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: send,
    onSuccess: (now) => client.setQueryData(one, now),
    onSettled: () => readAgain(client, { queryKey: all }),
  });
}
