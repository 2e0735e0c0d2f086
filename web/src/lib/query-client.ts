// SPDX-License-Identifier: Apache-2.0
import { MutationCache, QueryClient } from "@tanstack/react-query";
import { toApiError } from "@/lib/errors";
import { toast } from "@/lib/toast";

declare module "@tanstack/react-query" {
  interface Register {
    mutationMeta: {
      /** The form shows its own errors. */
      quiet?: boolean;
    };
  }
}

export function makeQueryClient(onSignedOut: () => void): QueryClient {
  const client: QueryClient = new QueryClient({
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        if (!mutation.meta?.quiet) toast.problem(error);
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (count, error) => count < 2 && toApiError(error).transient,
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  });
  client.getQueryCache().subscribe((event) => {
    if (event.type === "updated" && event.action.type === "error" && event.query.queryKey[0] !== "session") {
      if (toApiError(event.action.error).status === 401) onSignedOut();
    }
  });
  return client;
}
