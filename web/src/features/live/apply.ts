// SPDX-License-Identifier: Apache-2.0
// Puts what the live stream tells into the query cache. Only what is on the page is touched: the rest is read anew when
// it is looked at. What an event does not carry whole is read again, at most once a second.
import type { Query, QueryClient, QueryKey } from "@tanstack/react-query";
import { reported, withPresence } from "@/features/device/live";
import type { Device } from "@/features/devices/queries";
import { logged } from "@/features/scripts/live";
import type { Tagged } from "@/lib/api/client";
import type { LatestEvent, LiveEvent, PresenceEvent } from "@/lib/live/messages";

const AGAIN_MS = 1_000;
/** No answer is on its way for longer. */
const READING_MS = 30_000;

/** All that follows the stream. */
const FOLLOWING = ["device", "devices", "counts", "jobs", "script-log"];

interface DeviceList {
  items: Device[];
}

export function withChanges(list: DeviceList, online: Map<string, boolean>, seen: Map<string, string>): DeviceList {
  let changed = false;
  const items = list.items.map((device) => {
    const now = online.get(device.key) ?? device.online;
    const time = seen.get(device.key);
    const seenAt = time && (!device.seen_at || Date.parse(time) > Date.parse(device.seen_at)) ? time : device.seen_at;
    if (now === device.online && seenAt === device.seen_at) return device;
    changed = true;
    return { ...device, online: now, seen_at: seenAt };
  });
  return changed ? { ...list, items } : list;
}

function byDevice<E extends { device: string }>(events: E[]): Map<string, E[]> {
  const out = new Map<string, E[]>();
  for (const event of events) {
    const list = out.get(event.device);
    if (list) list.push(event);
    else out.set(event.device, [event]);
  }
  return out;
}

/** Events of one moment, sorted for looking up. */
interface Batch {
  at: number;
  reports: Map<string, LatestEvent[]>;
  connections: Map<string, PresenceEvent[]>;
  online: Map<string, boolean>;
  seen: Map<string, string>;
}

function sorted(events: LiveEvent[]): Batch {
  const latest = events.filter((event) => event.kind === "latest");
  const presence = events.filter((event) => event.kind === "presence");
  return {
    at: Date.now(),
    reports: byDevice(latest),
    connections: byDevice(presence),
    online: new Map(presence.map((event) => [event.device, event.online])),
    seen: new Map([...latest, ...presence].map((event) => [event.device, event.time])),
  };
}

export function makeApply(client: QueryClient) {
  const again = new Map<string, QueryKey>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let recent: Batch[] = [];
  const begun = new Map<string, number>();

  function readAgain(key: QueryKey): void {
    again.set(JSON.stringify(key), key);
    timer ??= setTimeout(() => {
      timer = undefined;
      const keys = [...again.values()];
      again.clear();
      for (const queryKey of keys) void client.invalidateQueries({ queryKey });
    }, AGAIN_MS);
  }

  function onDevice({ queryKey, state }: Query, device: string, { reports, connections }: Batch): void {
    const mine = reports.get(device);
    // A point cannot be put in twice: while the series is being read, it is read once more.
    if (mine && queryKey[2] === "series" && state.fetchStatus === "fetching") readAgain(queryKey);
    else if (mine) reported(client, queryKey, mine);
    const last = connections.get(device)?.at(-1);
    if (last && queryKey[2] === "one") {
      client.setQueryData<Tagged<Device>>(queryKey, (one) => one && withPresence(one, last));
    } else if (last && queryKey[2] === "presence") {
      readAgain(queryKey);
    }
  }

  function apply(query: Query, batch: Batch): void {
    const [head, part] = query.queryKey;
    if (head === "device") {
      onDevice(query, String(part), batch);
    } else if (head === "devices" && part === "list" && batch.seen.size > 0) {
      client.setQueryData<DeviceList>(query.queryKey, (list) => list && withChanges(list, batch.online, batch.seen));
    }
  }

  function onEvents(events: LiveEvent[]): void {
    const batch = sorted(events);
    recent = [...recent.filter(({ at }) => at > batch.at - READING_MS), batch];
    for (const query of client.getQueryCache().findAll({ type: "active" })) apply(query, batch);
    if (batch.online.size > 0) readAgain(["counts"]);
    const lines = events.filter((event) => event.kind === "script_log");
    if (lines.length > 0) logged(client, lines);
    for (const event of events) {
      if (event.kind === "event") readAgain(["device", event.device, "events"]);
      else if (event.kind === "job") readAgain(["jobs"]);
      else if (event.kind === "command") {
        for (const part of ["commands", "shadow"]) readAgain(["device", event.device, part]);
      }
    }
  }

  // An answer that was on its way when an event came may be older than the event.
  const end = client.getQueryCache().subscribe((event) => {
    if (event.type !== "updated") return;
    const { query, action } = event;
    if (action.type === "fetch") {
      begun.set(query.queryHash, Date.now());
    } else if (action.type === "success" && !action.manual && query.queryKey[2] !== "series") {
      const since = begun.get(query.queryHash) ?? Infinity;
      begun.delete(query.queryHash);
      const missed = recent.filter(({ at }) => at >= since);
      if (missed.length > 0) queueMicrotask(() => missed.forEach((batch) => apply(query, batch)));
    }
  });

  function onMissed(): void {
    for (const head of FOLLOWING) void client.invalidateQueries({ queryKey: [head] });
  }

  return { onEvents, onMissed, end };
}
