// SPDX-License-Identifier: Apache-2.0
import { queryOptions, useMutation } from "@tanstack/react-query";
import { sessionQuery } from "@/features/session/queries";
import { api, type Schemas } from "@/lib/api/client";
import { useReadAgain } from "@/lib/changes";

export type OwnSession = Schemas["OwnSession"];

export const ownSessionsQuery = queryOptions({
  queryKey: ["own-sessions"],
  queryFn: ({ signal }) => api.get("/api/v1/sessions", { signal }),
});

export function useEndSession() {
  return useMutation({
    mutationFn: (session: number) => api.delete("/api/v1/sessions/{session}", { path: { session } }),
    onSuccess: useReadAgain({ queryKey: ownSessionsQuery.queryKey }),
  });
}

export function useBeginFactor() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: (password: string) => api.post("/api/v1/session/totp", { body: { password } }),
  });
}

export function useConfirmFactor() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: (code: string) => api.post("/api/v1/session/totp/confirm", { body: { code } }),
    onSuccess: useReadAgain({ queryKey: sessionQuery.queryKey }),
  });
}

export function useRemoveFactor() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: (password: string) => api.post("/api/v1/session/totp/remove", { body: { password } }),
    onSuccess: useReadAgain({ queryKey: sessionQuery.queryKey }),
  });
}
