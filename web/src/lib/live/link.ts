// SPDX-License-Identifier: Apache-2.0
// A tab's end of the live stream.
import { elected, ownStream, sharedWorker, type Carrier } from "./carriers";
import type { LiveEvent, LiveState, ToTab } from "./messages";

export interface LinkOptions {
  token: string | null;
  onState: (state: LiveState) => void;
  onEvents: (events: LiveEvent[]) => void;
  onMissed: () => void;
}

function withoutWorker(token: string | null, take: (message: ToTab) => void): Carrier {
  return token === null && "locks" in navigator && "BroadcastChannel" in globalThis ? elected(take) : ownStream(take);
}

/** Ends by what it answers. */
export function connectLive({ token, onState, onEvents, onMissed }: LinkOptions): () => void {
  const take = (message: ToTab) => {
    if (message.type === "state") onState(message.state);
    else if (message.type === "events") onEvents(message.events);
    else onMissed();
  };
  const hidden = () => document.visibilityState === "hidden";
  const hello = () => carrier.send({ type: "hello", token, hidden: hidden() });
  const withWorker = () =>
    sharedWorker(take, () => {
      carrier = withoutWorker(token, take);
      hello();
    });
  let carrier = "SharedWorker" in globalThis ? withWorker() : withoutWorker(token, take);

  const onVisible = () => carrier.send({ type: hidden() ? "hide" : "show" });
  const onHide = () => carrier.send({ type: "bye" });
  // A page that comes back from the browser's history has missed something.
  const onShow = (event: PageTransitionEvent) => {
    if (!event.persisted) return;
    hello();
    onMissed();
  };
  document.addEventListener("visibilitychange", onVisible);
  addEventListener("pagehide", onHide);
  addEventListener("pageshow", onShow);
  hello();
  return () => {
    document.removeEventListener("visibilitychange", onVisible);
    removeEventListener("pagehide", onHide);
    removeEventListener("pageshow", onShow);
    carrier.send({ type: "bye" });
    carrier.close();
    onState("off");
  };
}
