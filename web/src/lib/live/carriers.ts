// SPDX-License-Identifier: Apache-2.0
// How a tab comes to the browser's one stream: by a shared worker; where there is none, by electing the tab that holds
// it; and where that is impossible too, or the viewer is known to this tab only, by a stream of its own.
import { newId } from "@/lib/new-id";
import { Hub } from "./hub";
import type { ToHub, ToTab } from "./messages";

const URL_PATH = "/api/v1/events";

export interface Carrier {
  send: (message: ToHub) => void;
  close: () => void;
}

type Take = (message: ToTab) => void;

/** onBroken: no such worker here after all. */
export function sharedWorker(take: Take, onBroken: () => void): Carrier {
  const worker = new SharedWorker(new URL("./worker.ts", import.meta.url), { type: "module", name: "thingd-live" });
  worker.onerror = onBroken;
  worker.port.onmessage = ({ data }: MessageEvent<ToTab>) => take(data);
  return { send: (message) => worker.port.postMessage(message), close: () => worker.port.close() };
}

export function ownStream(take: Take): Carrier {
  const hub = new Hub(URL_PATH);
  const onLine = () => hub.hurry();
  addEventListener("online", onLine);
  return {
    send: (message) => hub.take("self", take, message),
    close: () => {
      removeEventListener("online", onLine);
      hub.drop("self");
    },
  };
}

type OnAir =
  | { from: string; message: ToHub }
  | { to: string; message: ToTab }
  /** A tab has become the one that holds the stream. */
  | { led: true };

export function elected(take: Take): Carrier {
  const me = newId();
  const air = new BroadcastChannel("thingd-live");
  const over = new AbortController();
  let hub: Hub | null = null;
  let hello: ToHub | null = null;
  const say = (what: OnAir) => air.postMessage(what);
  const order = (message: ToHub) => (hub ? hub.take(me, take, message) : say({ from: me, message }));

  air.onmessage = ({ data }: MessageEvent<OnAir>) => {
    if ("led" in data) {
      if (hello) order(hello);
    } else if ("to" in data) {
      if (data.to === me) take(data.message);
    } else {
      hub?.take(data.from, (message) => say({ to: data.from, message }), data.message);
    }
  };
  const lead = () =>
    new Promise<void>((done) => {
      hub = new Hub(URL_PATH);
      say({ led: true });
      if (hello) order(hello);
      over.signal.addEventListener("abort", () => done());
    });
  navigator.locks.request("thingd-live", { signal: over.signal }, lead).catch(() => undefined);
  return {
    send: (message) => {
      if (message.type === "hello") hello = message;
      else if (hello?.type === "hello" && message.type !== "bye") hello = { ...hello, hidden: message.type === "hide" };
      order(message);
    },
    close: () => {
      over.abort();
      hub?.drop(me);
      air.close();
    },
  };
}
