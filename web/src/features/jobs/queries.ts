// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";
import { api, type Schemas } from "@/lib/api/client";
import { useReadAgain } from "@/lib/changes";
import { unlessLive } from "@/lib/live/state";
import type { JobPageSearch, JobSearch } from "./search";

export type Job = Schemas["Job"];
export type JobRow = Schemas["JobRow"];
export type Selection = Schemas["Selection"];

export function isOver({ state }: Job): boolean {
  return state !== "queued" && state !== "running";
}

export function jobsQuery({ state, ...search }: JobSearch) {
  return queryOptions({
    queryKey: ["jobs", "list", state, search],
    queryFn: ({ signal }) =>
      api.get("/api/v1/jobs", { query: { ...search, ...(state ? { state: [state] } : {}), sort: "-created_at", limit: 50 }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: unlessLive(5_000, 15_000),
  });
}

export function jobQuery(job: number) {
  return queryOptions({
    queryKey: ["jobs", "one", job],
    queryFn: ({ signal }) => api.get("/api/v1/jobs/{job}", { path: { job }, signal }),
    refetchInterval: (query) => (query.state.data && isOver(query.state.data) ? false : unlessLive(1_000, 5_000)()),
  });
}

export function rowsQuery(job: number, { outcome, cursor }: JobPageSearch) {
  return queryOptions({
    queryKey: ["jobs", "rows", job, outcome, cursor],
    queryFn: ({ signal }) =>
      api.get("/api/v1/jobs/{job}/rows", {
        path: { job },
        query: { limit: 50, ...(outcome ? { outcome } : {}), ...(cursor ? { cursor } : {}) },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
}

const useChanged = () => useReadAgain({ queryKey: ["jobs"] });

export function useCancelJob() {
  return useMutation({
    mutationFn: (job: number) => api.post("/api/v1/jobs/{job}/cancel", { path: { job } }),
    onSuccess: useChanged(),
  });
}

export function useTakeCredentials() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: (job: number) => api.download("post", `/api/v1/jobs/${job}/credentials`, `job-${job}-credentials.csv`),
    onSettled: useChanged(),
  });
}

export interface Import {
  file: File;
  product: string;
  mode: "create" | "upsert";
  dryRun: boolean;
}

const TYPES = { csv: "text/csv", json: "application/json", jsonl: "application/x-ndjson" } as const;

/** By the name's ending; what is unknown is taken for CSV. */
export function formatOf(name: string): keyof typeof TYPES {
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return ending === "json" ? "json" : ending === "jsonl" || ending === "ndjson" ? "jsonl" : "csv";
}

export function useImport() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ file, product, mode, dryRun }: Import) =>
      api.post("/api/v1/devices/import", {
        query: { mode, dry_run: dryRun, ...(product ? { product } : {}) },
        file: { type: TYPES[formatOf(file.name)], data: file },
      }),
    onSuccess: useChanged(),
  });
}

export function previewQuery(body: Schemas["BulkAction"] | null) {
  return queryOptions({
    queryKey: ["bulk-preview", body],
    enabled: body !== null,
    queryFn: ({ signal }) => api.post("/api/v1/devices/actions/preview", { body: body as Schemas["BulkAction"], signal }),
  });
}

export function useAct() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ body, once }: { body: Schemas["BulkAction"]; once: string }) =>
      api.post("/api/v1/devices/actions", { body, idempotencyKey: once }),
    onSuccess: useChanged(),
  });
}

export function useExport() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ body, once }: { body: Schemas["Export"]; once: string }) => api.post("/api/v1/exports", { body, idempotencyKey: once }),
    onSuccess: useChanged(),
  });
}
