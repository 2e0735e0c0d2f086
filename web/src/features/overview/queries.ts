// SPDX-License-Identifier: Apache-2.0
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import { ApiError } from "@/lib/errors";
import { unlessLive } from "@/lib/live/state";
import { parseMetrics, rate, type Reading } from "@/lib/metrics";

export const countsQuery = queryOptions({
  queryKey: ["counts"],
  refetchInterval: unlessLive(10_000),
  queryFn: ({ signal }) => api.get("/api/v1/statistics", { signal }),
});

export const newestLettersQuery = queryOptions({
  queryKey: ["dead-letters", "newest"],
  refetchInterval: 15_000,
  queryFn: ({ signal }) => api.get("/api/v1/dead-letters", { query: { limit: 8 }, signal }),
});

export const readyQuery = queryOptions({
  queryKey: ["ready"],
  refetchInterval: 10_000,
  queryFn: async ({ signal }) => {
    try {
      return await api.get("/readyz", { signal });
    } catch (error) {
      if (error instanceof ApiError && error.status === 503) return { ready: false, database: null, broker: null };
      throw error;
    }
  },
});

const READ_MS = 5_000;
const KEPT = 36;
const STEADY = 7;

const METRICS_KEY = ["metrics"];

/** The readings of the last minutes, newest last. */
const metricsQuery = queryOptions({
  queryKey: METRICS_KEY,
  refetchInterval: READ_MS,
  staleTime: 0,
  queryFn: async ({ client, signal }): Promise<Reading[]> => {
    const text = await api.text("/metrics", signal);
    const before = client.getQueryData<Reading[]>(METRICS_KEY) ?? [];
    return [...before.slice(1 - KEPT), { at: Date.now(), figures: parseMetrics(text) }];
  },
});

/** The newest figures, and what each gained per second while the page was open. */
export function useTraffic() {
  const query = useQuery(metricsQuery);
  const readings = query.data ?? [];
  const rates = (name: string) => readings.slice(1).map((now, i) => rate(readings[i] as Reading, now, name) ?? 0);
  // Devices report every few seconds: one step says little.
  const recent = (name: string) => {
    const now = readings.at(-1);
    const before = readings.at(-Math.min(readings.length, STEADY));
    return now && before && before !== now ? rate(before, now, name) : null;
  };
  return { query, figures: readings.at(-1)?.figures, rates, recent };
}
