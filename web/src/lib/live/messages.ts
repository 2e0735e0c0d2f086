// SPDX-License-Identifier: Apache-2.0
// What the tabs of a browser and the one stream they share say to each other.

/** off: not wanted or not begun. waiting: lost, tries again. refused: this viewer gets none. */
export type LiveState = "off" | "connecting" | "live" | "waiting" | "refused";

interface OfDevice {
  product: string;
  device: string;
}

export interface LatestEvent extends OfDevice {
  kind: "latest";
  time: string;
  params: Record<string, unknown>;
}
export interface DeviceEvent extends OfDevice {
  kind: "event";
  time: string;
  type: string;
  params: unknown;
}
export interface PresenceEvent extends OfDevice {
  kind: "presence";
  time: string;
  online: boolean;
}
export interface CommandEvent extends OfDevice {
  kind: "command";
  state: string;
}
export interface JobEvent {
  kind: "job";
  id?: number;
}

export interface ScriptLogEvent {
  kind: "script_log";
  product: string;
  device: string | null;
  level: string;
}

export type LiveEvent = LatestEvent | DeviceEvent | PresenceEvent | CommandEvent | JobEvent | ScriptLogEvent;

export type ToTab =
  | { type: "state"; state: LiveState }
  | { type: "events"; events: LiveEvent[] }
  /** Something happened that the tab was not told: it has to read anew. */
  | { type: "missed" };

export type ToHub =
  /** token: null for the session that the browser's cookie proves. */
  | { type: "hello"; token: string | null; hidden: boolean }
  | { type: "hide" }
  | { type: "show" }
  | { type: "bye" };
