// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";
import { api, type Schemas } from "@/lib/api/client";
import { useReadAgain, useSave, type Change } from "@/lib/changes";
import type { GroupSearch } from "./search";

export type Group = Schemas["Group"];
export type DeviceQuery = Schemas["DeviceQuery"];

const ONE = "/api/v1/groups/{group}";

export function groupsQuery(search: GroupSearch) {
  return queryOptions({
    queryKey: ["groups", "list", search],
    queryFn: ({ signal }) => api.get("/api/v1/groups", { query: { ...search, limit: 50 }, signal }),
    placeholderData: keepPreviousData,
  });
}

export function groupQuery(group: string) {
  return queryOptions({
    queryKey: ["groups", "one", group],
    queryFn: ({ signal }) => api.tagged(ONE, { path: { group }, signal }),
  });
}

export function membersQuery(group: string, cursor?: string) {
  return queryOptions({
    queryKey: ["groups", "members", group, cursor],
    queryFn: ({ signal }) =>
      api.get(`${ONE}/members`, { path: { group }, query: { limit: 50, ...(cursor ? { cursor } : {}) }, signal }),
    placeholderData: keepPreviousData,
  });
}

const useChanged = () => useReadAgain({ queryKey: ["groups"] });

export function useCreateGroup() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ body, once }: { body: Schemas["GroupCreate"]; once: string }) =>
      api.post("/api/v1/groups", { body, idempotencyKey: once }),
    onSuccess: useChanged(),
  });
}

export function useUpdateGroup(group: string) {
  return useSave(groupQuery(group).queryKey, ["groups"], ({ body, etag }: Change<Schemas["GroupPatch"]>) =>
    api.patch(ONE, { path: { group }, body, etag }),
  );
}

export function useDeleteGroup(group: string) {
  return useMutation({
    meta: { quiet: true },
    mutationFn: () => api.delete(ONE, { path: { group } }),
    onSuccess: useChanged(),
  });
}

export function useChangeMembers(group: string) {
  return useMutation({
    meta: { quiet: true },
    mutationFn: (body: Schemas["GroupChange"]) => api.post(`${ONE}/members`, { path: { group }, body }),
    onSuccess: useChanged(),
  });
}
