// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";
import { api, type Schemas } from "@/lib/api/client";
import { useReadAgain } from "@/lib/changes";
import { unlessLive } from "@/lib/live/state";
import type { DeviceSearch } from "./search";

export type Device = Schemas["Device"];

const PAGE = 50;
const REFRESH_MS = 10_000;

export function devicesQuery({ tag, ...search }: DeviceSearch) {
  return queryOptions({
    queryKey: ["devices", "list", { tag, ...search }],
    queryFn: ({ signal }) =>
      api.get("/api/v1/devices", { query: { ...search, ...(tag ? { tag: [tag] } : {}), limit: PAGE }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: unlessLive(REFRESH_MS),
  });
}

export function useCreateDevice() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ product, body, once }: { product: string; body: Schemas["DeviceCreate"]; once: string }) =>
      api.post("/api/v1/products/{product}/devices", { path: { product }, body, idempotencyKey: once }),
    onSuccess: useReadAgain({ queryKey: ["devices"] }),
  });
}
