// SPDX-License-Identifier: Apache-2.0
import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";
import { api, type Schemas } from "@/lib/api/client";
import { useReadAgain } from "@/lib/changes";
import { unlessLive } from "@/lib/live/state";
import { autoBucket, RANGES, type Bucket, type Range } from "@/lib/time";

export interface DeviceId {
  product: string;
  device: string;
}

const LIVE_MS = 5_000;
const PAGE = 50;
const BASE = "/api/v1/products/{product}/devices/{device}";

export function deviceQuery(path: DeviceId) {
  return queryOptions({
    queryKey: ["device", path.device, "one", path.product],
    queryFn: ({ signal }) => api.tagged(BASE, { path, signal }),
    refetchInterval: unlessLive(LIVE_MS),
  });
}

export function latestQuery(path: DeviceId) {
  return queryOptions({
    queryKey: ["device", path.device, "latest"],
    queryFn: ({ signal }) => api.get(`${BASE}/latest`, { path, signal }),
    refetchInterval: unlessLive(LIVE_MS),
  });
}

export interface SeriesPoint {
  time: string;
  properties: Record<string, { min?: number | null; max?: number | null; avg?: number | null; count?: number }>;
}

export interface Series {
  points: SeriesPoint[];
  /** Milliseconds. */
  from: number;
  to: number;
}

export function seriesQuery(path: DeviceId, names: string[], range: Range, bucket: Bucket = autoBucket(range)) {
  return queryOptions({
    queryKey: ["device", path.device, "series", names, range, bucket],
    enabled: names.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: unlessLive(RANGES[range] <= RANGES["6h"] ? 10_000 : 60_000),
    queryFn: async ({ signal }): Promise<Series> => {
      const to = Date.now();
      const from = to - RANGES[range];
      const list = await api.get(`${BASE}/history`, {
        path,
        query: {
          properties: names,
          from: new Date(from).toISOString(),
          bucket,
          aggregate: ["min", "max", "avg", "count"],
          order: "asc",
          limit: 10_000,
        },
        signal,
      });
      return { points: list.items as SeriesPoint[], from, to };
    },
  });
}

export function eventsQuery(path: DeviceId, type?: string) {
  return infiniteQueryOptions({
    queryKey: ["device", path.device, "events", type],
    queryFn: ({ signal, pageParam }) =>
      api.get(`${BASE}/events`, {
        path,
        query: { limit: PAGE, ...(type ? { type } : {}), ...(pageParam ? { cursor: pageParam } : {}) },
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor,
  });
}

export function presenceQuery(path: DeviceId) {
  return infiniteQueryOptions({
    queryKey: ["device", path.device, "presence"],
    queryFn: ({ signal, pageParam }) =>
      api.get(`${BASE}/presence`, { path, query: { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) }, signal }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor,
  });
}

export function shadowQuery(path: DeviceId) {
  return queryOptions({
    queryKey: ["device", path.device, "shadow"],
    queryFn: ({ signal }) => api.tagged(`${BASE}/shadow`, { path, signal }),
    refetchInterval: unlessLive(LIVE_MS),
  });
}

export function commandsQuery(path: DeviceId) {
  return infiniteQueryOptions({
    queryKey: ["device", path.device, "commands"],
    queryFn: ({ signal, pageParam }) =>
      api.get(`${BASE}/commands`, { path, query: { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) }, signal }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor,
    refetchInterval: unlessLive(LIVE_MS),
  });
}

const useChanged = ({ device }: DeviceId) => useReadAgain({ queryKey: ["device", device] });

export function useSendCommand(path: DeviceId) {
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ body, once }: { body: Schemas["CommandCreate"]; once: string }) =>
      api.post(`${BASE}/commands`, { path, body, idempotencyKey: once }),
    onSuccess: useChanged(path),
  });
}

export function useCancelCommand(path: DeviceId) {
  return useMutation({
    mutationFn: (command: number) => api.post(`${BASE}/commands/{command}/cancel`, { path: { ...path, command } }),
    onSettled: useChanged(path),
  });
}

export function useChangeShadow(path: DeviceId) {
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ desired, etag }: { desired: Record<string, unknown>; etag: string | null }) =>
      api.patch(`${BASE}/shadow`, { path, body: { desired }, etag }),
    onSuccess: useChanged(path),
  });
}

export function useUpdateDevice(path: DeviceId) {
  const changed = useChanged(path);
  const listsChanged = useReadAgain({ queryKey: ["devices"] });
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ body, etag }: { body: Schemas["DevicePatch"]; etag: string | null }) =>
      api.patch(BASE, { path, body, etag }),
    onSuccess: () => {
      changed();
      listsChanged();
    },
  });
}

export function useDeleteDevice(path: DeviceId) {
  return useMutation({
    mutationFn: (history: "keep" | "delete") => api.delete(BASE, { path, query: { history } }),
    onSuccess: useReadAgain({ queryKey: ["devices"] }),
  });
}
