// SPDX-License-Identifier: Apache-2.0
import { queryOptions, useMutation, useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { api, type Schemas } from "@/lib/api/client";
import { credentials } from "@/lib/auth";

export type Session = Schemas["Session"];

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }) => keep(await api.get("/api/v1/session", { signal })),
  staleTime: Infinity,
  retry: false,
});

function keep(session: Session): Session {
  credentials.useCsrf(session.csrf_token ?? null);
  return session;
}

export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

/** Whether the viewer may do something; the server decides in the end. */
export function useMay(): (permission: string) => boolean {
  const { permissions } = useSession();
  return (permission) => permissions.includes(permission);
}

/** What the sign-in page offers beside passwords. */
const waysQuery = queryOptions({
  queryKey: ["ways"],
  queryFn: ({ signal }) => api.get("/api/v1/session/ways", { signal }),
  staleTime: Infinity,
});

export function useWays() {
  return useQuery(waysQuery);
}

export function useAskReset() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: (body: Schemas["PasswordResetRequest"]) => api.post("/api/v1/session/reset-request", { body }),
  });
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: async (body: Schemas["SignIn"]) => {
      credentials.useToken(null);
      return keep(await api.post("/api/v1/session", { body }));
    },
    onSuccess: (session) => client.setQueryData(sessionQuery.queryKey, session),
  });
}

export function useTokenSignIn() {
  const client = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: async (token: string) => {
      credentials.useToken(token);
      try {
        return keep(await api.get("/api/v1/session"));
      } catch (error) {
        credentials.useToken(null);
        throw error;
      }
    },
    onSuccess: (session) => client.setQueryData(sessionQuery.queryKey, session),
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      if (credentials.hasToken()) credentials.useToken(null);
      else await api.delete("/api/v1/session");
      credentials.useCsrf(null);
    },
    onSuccess: () => client.clear(),
  });
}

export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: async (body: Schemas["PasswordChange"]) => keep(await api.post("/api/v1/session/password", { body })),
    onSuccess: (session) => client.setQueryData(sessionQuery.queryKey, session),
  });
}

export function useResetPassword() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: (body: Schemas["PasswordReset"]) => api.post("/api/v1/session/reset", { body }),
  });
}
