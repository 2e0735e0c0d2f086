// SPDX-License-Identifier: Apache-2.0
// Whether what is shown follows the server by itself, and how often to ask when it does not.
import { useSyncExternalStore } from "react";
import type { LiveState } from "./messages";

let state: LiveState = "off";
const listeners = new Set<() => void>();

export function setLiveState(value: LiveState): void {
  state = value;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLiveState(): LiveState {
  return useSyncExternalStore(subscribe, () => state);
}

/** For `refetchInterval`: the stream tells of changes; asking is for what it leaves out (it samples reports). */
export function unlessLive(ms: number, live = 60_000): () => number {
  return () => (state === "live" ? Math.max(ms, live) : ms);
}
