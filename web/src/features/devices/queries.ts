// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas } from "@/lib/api/client";
import { flag, oneOf, text, tidy } from "@/lib/search";

export type Device = Schemas["Device"];

export const DEVICE_SORTS = ["key", "-key", "name", "-name", "seen_at", "-seen_at", "created_at", "-created_at"] as const;
export const SOURCES = ["manual", "auto", "import"] as const;

export interface DeviceSearch {
  q?: string;
  product?: string;
  online?: boolean;
  enabled?: boolean;
  tag?: string;
  attribute?: string;
  source?: (typeof SOURCES)[number];
  sort?: (typeof DEVICE_SORTS)[number];
  cursor?: string;
}

const PAGE = 50;
const REFRESH_MS = 10_000;

export function deviceSearch(search: Record<string, unknown>): DeviceSearch {
  return tidy({
    q: text(search.q),
    product: text(search.product, 128),
    online: flag(search.online),
    enabled: flag(search.enabled),
    tag: text(search.tag, 64),
    attribute: text(search.attribute, 500),
    source: oneOf(search.source, SOURCES),
    sort: oneOf(search.sort, DEVICE_SORTS),
    cursor: text(search.cursor, 2000),
  });
}

export function devicesQuery({ tag, ...search }: DeviceSearch) {
  return queryOptions({
    queryKey: ["devices", "list", { tag, ...search }],
    queryFn: ({ signal }) =>
      api.get("/api/v1/devices", { query: { ...search, ...(tag ? { tag: [tag] } : {}), limit: PAGE }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
}

export function useCreateDevice() {
  const client = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ product, body, once }: { product: string; body: Schemas["DeviceCreate"]; once: string }) =>
      api.post("/api/v1/products/{product}/devices", { path: { product }, body, idempotencyKey: once }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["devices"] }),
  });
}
