// SPDX-License-Identifier: Apache-2.0
// One stream for all tabs of one viewer. Hidden tabs are told nothing; when all have been hidden for a while the
// stream ends, and a tab that shows again learns whether it missed something.
import type { LiveEvent, LiveState, ToHub, ToTab } from "./messages";
import { Stream, type StreamOwner } from "./stream";

const LINGER_MS = 30_000;

type Tell = (message: ToTab) => void;

interface Tab {
  tell: Tell;
  hidden: boolean;
  missed: boolean;
}

class Viewer implements StreamOwner {
  readonly tabs = new Map<unknown, Tab>();
  readonly #stream: Stream;
  #state: LiveState = "off";
  #lingering: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, token: string | null) {
    this.#stream = new Stream(url, token, this);
  }

  onState = (state: LiveState): void => {
    this.#state = state;
    // A stream that ended for want of lookers goes on where it was, unless the server says otherwise.
    if (state !== "off") for (const tab of this.tabs.values()) tab.tell({ type: "state", state });
  };

  onEvents = (events: LiveEvent[]): void => {
    for (const tab of this.tabs.values()) {
      if (tab.hidden) tab.missed = true;
      else tab.tell({ type: "events", events });
    }
  };

  onMissed = (): void => {
    for (const tab of this.tabs.values()) {
      if (tab.hidden) tab.missed = true;
      else tab.tell({ type: "missed" });
    }
  };

  join(key: unknown, tell: Tell, hidden: boolean): void {
    this.tabs.set(key, { tell, hidden, missed: false });
    if (this.#state !== "off") tell({ type: "state", state: this.#state });
    this.#look();
  }

  leave(key: unknown): void {
    this.tabs.delete(key);
    this.#look();
  }

  setHidden(key: unknown, hidden: boolean): void {
    const tab = this.tabs.get(key);
    if (!tab) return;
    tab.hidden = hidden;
    if (!hidden && tab.missed) {
      tab.missed = false;
      tab.tell({ type: "missed" });
    }
    this.#look();
  }

  hurry(): void {
    this.#stream.hurry();
  }

  #look(): void {
    clearTimeout(this.#lingering);
    if (this.tabs.size === 0) this.#stream.stop();
    else if ([...this.tabs.values()].some((tab) => !tab.hidden)) this.#stream.start();
    else this.#lingering = setTimeout(() => this.#stream.stop(), LINGER_MS);
  }
}

export class Hub {
  readonly #url: string;
  readonly #viewers = new Map<string | null, Viewer>();

  constructor(url: string) {
    this.#url = url;
  }

  /** A message of the tab known by key. */
  take(key: unknown, tell: Tell, message: ToHub): void {
    if (message.type === "hello") {
      this.drop(key);
      const viewer = this.#viewers.get(message.token) ?? new Viewer(this.#url, message.token);
      this.#viewers.set(message.token, viewer);
      viewer.join(key, tell, message.hidden);
    } else if (message.type === "bye") {
      this.drop(key);
    } else {
      for (const viewer of this.#viewers.values()) viewer.setHidden(key, message.type === "hide");
    }
  }

  drop(key: unknown): void {
    for (const [token, viewer] of this.#viewers) {
      if (!viewer.tabs.has(key)) continue;
      viewer.leave(key);
      if (viewer.tabs.size === 0) this.#viewers.delete(token);
    }
  }

  /** The network is back. */
  hurry(): void {
    for (const viewer of this.#viewers.values()) viewer.hurry();
  }
}
