// SPDX-License-Identifier: Apache-2.0
import { queryOptions, useMutation } from "@tanstack/react-query";
import { api, type Schemas } from "@/lib/api/client";
import { useReadAgain, useSave, type Change } from "@/lib/changes";

export type Role = Schemas["Role"];
export type Catalogue = Schemas["Permissions"];

const ONE = "/api/v1/roles/{role}";

export const rolesQuery = queryOptions({
  queryKey: ["roles", "list"],
  queryFn: ({ signal }) => api.get("/api/v1/roles", { query: { limit: 1000 }, signal }),
});

export const catalogueQuery = queryOptions({
  queryKey: ["roles", "catalogue"],
  staleTime: Infinity,
  queryFn: ({ signal }) => api.get("/api/v1/permissions", { signal }),
});

export function roleQuery(role: string) {
  return queryOptions({
    queryKey: ["roles", "one", role],
    queryFn: ({ signal }) => api.tagged(ONE, { path: { role }, signal }),
  });
}

const useChanged = () => useReadAgain({ queryKey: ["roles"] });

export function useCreateRole() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ body, once }: { body: Schemas["RoleCreate"]; once: string }) =>
      api.post("/api/v1/roles", { body, idempotencyKey: once }),
    onSuccess: useChanged(),
  });
}

export function useUpdateRole(role: string) {
  return useSave(roleQuery(role).queryKey, ["roles"], ({ body, etag }: Change<Schemas["RolePatch"]>) =>
    api.patch(ONE, { path: { role }, body, etag }),
  );
}

export function useDeleteRole(role: string) {
  return useMutation({
    meta: { quiet: true },
    mutationFn: () => api.delete(ONE, { path: { role } }),
    onSuccess: useChanged(),
  });
}
