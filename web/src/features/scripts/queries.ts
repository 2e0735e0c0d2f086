// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";
import { api, type Schemas } from "@/lib/api/client";
import { useReadAgain } from "@/lib/changes";
import { ApiError } from "@/lib/errors";
import { unlessLive } from "@/lib/live/state";
import type { Level, ScriptsSearch } from "./search";

export type ScriptState = Schemas["ScriptState"];
export type ScriptVersion = Schemas["ScriptVersion"];
export type Checked = Schemas["ScriptLinted"];
export type Tried = Schemas["ScriptTried"];
export type Runs = Schemas["ScriptRuns"];
export type LogLine = Schemas["ScriptLine"];
export type Activation = Schemas["ScriptActivation"];

const PATH = "/api/v1/products/{product}/scripts";

export function scriptsQuery(search: ScriptsSearch) {
  return queryOptions({
    queryKey: ["scripts", "list", search],
    queryFn: ({ signal }) => api.get("/api/v1/scripts", { query: { ...search, limit: 50 }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });
}

export function stateQuery(product: string) {
  return queryOptions({
    queryKey: ["scripts", product, "state"],
    refetchInterval: 10_000,
    queryFn: async ({ signal }) => {
      const [state] = (await api.get("/api/v1/scripts", { query: { product }, signal })).items;
      if (!state) throw new ApiError({ status: 404, code: "not_found", title: "Not found" });
      return state;
    },
  });
}

export function versionsQuery(product: string) {
  return queryOptions({
    queryKey: ["scripts", product, "versions"],
    queryFn: ({ signal }) => api.get(PATH, { path: { product }, query: { limit: 200 }, signal }),
  });
}

/** A version never changes. */
export function sourceQuery(product: string, number: number) {
  return queryOptions({
    queryKey: ["scripts", product, "source", number],
    staleTime: Infinity,
    queryFn: ({ signal }) => api.get(`${PATH}/{number}`, { path: { product, number }, signal }),
  });
}

export function runsQuery(product: string, number: number) {
  return queryOptions({
    queryKey: ["scripts", product, "runs", number],
    refetchInterval: 10_000,
    queryFn: ({ signal }) => api.get(`${PATH}/{number}/runs`, { path: { product, number }, signal }),
  });
}

export const referenceQuery = queryOptions({
  queryKey: ["script-reference"],
  staleTime: Infinity,
  queryFn: ({ signal }) => api.get("/api/v1/scripts/reference", { signal }),
});

/** As many lines as the server keeps. */
export const LOG_LINES = 1000;

/** New lines come by the live stream; the key is what features/live/apply.ts looks for. */
export function logQuery(product: string, level: Level = "debug", device?: string) {
  return queryOptions({
    queryKey: ["script-log", product, level, device],
    refetchInterval: unlessLive(3_000),
    queryFn: ({ signal }) =>
      api.get(`${PATH}/log`, { path: { product }, query: { level, limit: LOG_LINES, ...(device ? { device } : {}) }, signal }),
  });
}

export function activationsQuery(product: string) {
  return queryOptions({
    queryKey: ["scripts", product, "activations"],
    queryFn: ({ signal }) => api.get(`${PATH}/activations`, { path: { product }, signal }),
  });
}

export function checkQuery(product: string, source: string) {
  return queryOptions({
    queryKey: ["scripts", product, "check", source],
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => api.post(`${PATH}/check`, { path: { product }, body: { source }, signal }),
  });
}

const useChanged = (product: string) =>
  useReadAgain({
    predicate: ({ queryKey: [head, of, part] }) => head === "scripts" && part !== "source" && (of === product || of === "list"),
  });

export function useTry(product: string) {
  return useMutation({
    meta: { quiet: true },
    mutationFn: (body: Schemas["ScriptTry"]) => api.post(`${PATH}/try`, { path: { product }, body }),
  });
}

export function useSaveVersion(product: string) {
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ body, once }: { body: Schemas["ScriptCreate"]; once: string }) =>
      api.post(PATH, { path: { product }, body, idempotencyKey: once }),
    onSuccess: useChanged(product),
  });
}

export function useActivate(product: string) {
  return useMutation({
    meta: { quiet: true },
    mutationFn: (number: number) => api.post(`${PATH}/{number}/activate`, { path: { product, number } }),
    onSuccess: useChanged(product),
  });
}

export function useRollback(product: string) {
  return useMutation({
    meta: { quiet: true },
    mutationFn: () => api.post(`${PATH}/rollback`, { path: { product } }),
    onSuccess: useChanged(product),
  });
}

export function useDeactivate(product: string) {
  return useMutation({
    meta: { quiet: true },
    mutationFn: () => api.post(`${PATH}/deactivate`, { path: { product } }),
    onSuccess: useChanged(product),
  });
}

export function useStartCanary(product: string) {
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ number, target }: { number: number; target: Schemas["ScriptCanary"] }) =>
      api.post(`${PATH}/{number}/canary`, { path: { product, number }, body: target }),
    onSuccess: useChanged(product),
  });
}

export function useAbortCanary(product: string) {
  return useMutation({
    meta: { quiet: true },
    mutationFn: () => api.delete(`${PATH}/canary`, { path: { product } }),
    onSuccess: useChanged(product),
  });
}

/** The product's own switch; there is another one for all products in the settings. */
export function useSwitch(product: string) {
  return useMutation({
    meta: { quiet: true },
    mutationFn: (on: boolean) =>
      api.patch("/api/v1/products/{product}", { path: { product }, body: { settings: { scripts_enabled: on } } }),
    onSuccess: useChanged(product),
  });
}
