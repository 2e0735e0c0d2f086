// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";
import { api, type Schemas } from "@/lib/api/client";
import { useReadAgain } from "@/lib/changes";
import type { TokenSearch } from "./search";

export type Token = Schemas["Token"];

export function tokensQuery({ sort = "-created_at", ...search }: TokenSearch) {
  return queryOptions({
    queryKey: ["tokens", "list", sort, search],
    queryFn: ({ signal }) => api.get("/api/v1/tokens", { query: { ...search, sort, limit: 50 }, signal }),
    placeholderData: keepPreviousData,
  });
}

const useChanged = () => useReadAgain({ queryKey: ["tokens"] });

export function useCreateToken() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ body, once }: { body: Schemas["TokenCreate"]; once: string }) =>
      api.post("/api/v1/tokens", { body, idempotencyKey: once }),
    onSuccess: useChanged(),
  });
}

export function useRevokeToken() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: (token: number) => api.delete("/api/v1/tokens/{token}", { path: { token } }),
    onSuccess: useChanged(),
  });
}
