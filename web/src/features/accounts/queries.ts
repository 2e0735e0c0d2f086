// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";
import { api, type Schemas } from "@/lib/api/client";
import { useReadAgain, useSave, type Change } from "@/lib/changes";
import type { AccountSearch } from "./search";

export type Account = Schemas["Account"];
export type Grant = Schemas["Grant"];

const ONE = "/api/v1/accounts/{account}";

export function accountsQuery(search: AccountSearch) {
  return queryOptions({
    queryKey: ["accounts", "list", search],
    queryFn: ({ signal }) => api.get("/api/v1/accounts", { query: { ...search, limit: 50 }, signal }),
    placeholderData: keepPreviousData,
  });
}

export function accountQuery(account: string) {
  return queryOptions({
    queryKey: ["accounts", "one", account],
    queryFn: ({ signal }) => api.tagged(ONE, { path: { account }, signal }),
  });
}

/** Built-in roles from least to most, then those of one's own. */
export const roleKeysQuery = queryOptions({
  queryKey: ["roles", "keys"],
  staleTime: 60_000,
  queryFn: async ({ signal }) => {
    const [catalogue, own] = await Promise.all([
      api.get("/api/v1/permissions", { signal }),
      api.get("/api/v1/roles", { query: { limit: 1000 }, signal }),
    ]);
    return [...catalogue.roles, ...own.items.map((role) => role.key)];
  },
});

const useChanged = () => useReadAgain({ queryKey: ["accounts"] });

export function useCreateAccount() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ body, once }: { body: Schemas["AccountCreate"]; once: string }) =>
      api.post("/api/v1/accounts", { body, idempotencyKey: once }),
    onSuccess: useChanged(),
  });
}

export function useUpdateAccount(account: string) {
  return useSave(accountQuery(account).queryKey, ["accounts"], ({ body, etag }: Change<Schemas["AccountPatch"]>) =>
    api.patch(ONE, { path: { account }, body, etag }),
  );
}

export function useDeleteAccount(account: string) {
  return useMutation({
    meta: { quiet: true },
    mutationFn: () => api.delete(ONE, { path: { account } }),
    onSuccess: useChanged(),
  });
}

export function useResetAccount(account: string) {
  return useMutation({
    meta: { quiet: true },
    mutationFn: () => api.post(`${ONE}/reset`, { path: { account } }),
    onSuccess: useChanged(),
  });
}

export function useEndAccountSessions(account: string) {
  return useMutation({
    mutationFn: () => api.delete(`${ONE}/sessions`, { path: { account } }),
    onSuccess: useChanged(),
  });
}

export function useRemoveSecondFactor(account: string) {
  return useMutation({
    mutationFn: () => api.delete(`${ONE}/second-factor`, { path: { account } }),
    onSuccess: useChanged(),
  });
}
