// SPDX-License-Identifier: Apache-2.0
// What the live stream changes on a device's page.
import type { QueryClient } from "@tanstack/react-query";
import { bucketMs, type Bucket } from "@/lib/time";
import type { LatestEvent, PresenceEvent } from "@/lib/live/messages";
import type { Device } from "@/features/devices/queries";
import type { Tagged } from "@/lib/api/client";
import type { Series } from "./queries";
import { addToSeries } from "./series";

interface Latest {
  properties: Record<string, { value?: unknown; time: string }>;
}

/** The last writer by report time wins, as at the server. */
function newer(time: string, than: string | undefined): boolean {
  return than === undefined || Date.parse(time) >= Date.parse(than);
}

export function withReport(latest: Latest, { time, params }: LatestEvent): Latest {
  const changed = Object.entries(params).filter(([name]) => newer(time, latest.properties[name]?.time));
  if (changed.length === 0) return latest;
  const now = Object.fromEntries(changed.map(([name, value]) => [name, { value, time }]));
  return { ...latest, properties: { ...latest.properties, ...now } };
}

export function withPresence(tagged: Tagged<Device>, { online }: PresenceEvent): Tagged<Device> {
  return tagged.data.online === online ? tagged : { ...tagged, data: { ...tagged.data, online } };
}

export function withSeen(tagged: Tagged<Device>, { time }: LatestEvent): Tagged<Device> {
  const { seen_at } = tagged.data;
  return seen_at && newer(seen_at, time) ? tagged : { ...tagged, data: { ...tagged.data, seen_at: time } };
}

type Part = (client: QueryClient, key: readonly unknown[], reports: LatestEvent[]) => void;

const PARTS: Record<string, Part> = {
  latest: (client, key, reports) =>
    void client.setQueryData<Latest>(key, (latest) => latest && reports.reduce(withReport, latest)),
  one: (client, key, reports) =>
    void client.setQueryData<Tagged<Device>>(key, (one) => one && reports.reduce(withSeen, one)),
  series: (client, key, reports) => {
    const bucket = bucketMs(key[5] as Bucket);
    void client.setQueryData<Series>(key, (series) => series && reports.reduce((all, r) => addToSeries(all, r, bucket), series));
  },
};

/** key: of a query about the device that reported. */
export function reported(client: QueryClient, key: readonly unknown[], reports: LatestEvent[]): void {
  PARTS[String(key[2])]?.(client, key, reports);
}
