// SPDX-License-Identifier: Apache-2.0
// One connection to the server's live stream, made again whenever it is lost, going on where it was. By fetch and not
// by EventSource: that cannot send an API token, and does not tell a refusal from a lost connection.
import type { LiveEvent, LiveState } from "./messages";
import { SseReader } from "./sse";

/** The server gives a sign of life every 15 seconds. */
const SILENCE_MS = 40_000;
const FIRST_WAIT_MS = 1_000;
const MOST_WAIT_MS = 30_000;
/** Rights may be given later. */
const REFUSED_WAIT_MS = 60_000;

export interface StreamOwner {
  onState: (state: LiveState) => void;
  onEvents: (events: LiveEvent[]) => void;
  /** What came in between is lost. */
  onMissed: () => void;
}

export class Stream {
  readonly #url: string;
  readonly #token: string | null;
  readonly #owner: StreamOwner;
  #lastId: string | null = null;
  #run: AbortController | null = null;
  #wake: (() => void) | null = null;

  constructor(url: string, token: string | null, owner: StreamOwner) {
    this.#url = url;
    this.#token = token;
    this.#owner = owner;
  }

  start(): void {
    if (this.#run) return;
    this.#run = new AbortController();
    void this.#keep(this.#run.signal);
  }

  stop(): void {
    this.#run?.abort();
    this.#run = null;
    this.#wake?.();
    this.#owner.onState("off");
  }

  /** Tries again at once, when it waits. */
  hurry(): void {
    this.#wake?.();
  }

  async #keep(signal: AbortSignal): Promise<void> {
    let failures = 0;
    this.#owner.onState("connecting");
    while (!signal.aborted) {
      const state = await this.#listen(signal, () => (failures = 0));
      if (signal.aborted) return;
      this.#owner.onState(state);
      const least = state === "refused" ? REFUSED_WAIT_MS : Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures++);
      // Not all browsers at once after the server was away.
      await this.#pause(least * (0.5 + Math.random() / 2));
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      this.#wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  /** Until the connection ends; answers what that means. */
  async #listen(signal: AbortSignal, onOpen: () => void): Promise<LiveState> {
    const silent = new AbortController();
    let timer = setTimeout(() => silent.abort(), SILENCE_MS);
    try {
      const headers = new Headers({ accept: "text/event-stream" });
      if (this.#token) headers.set("authorization", `Bearer ${this.#token}`);
      if (this.#lastId) headers.set("last-event-id", this.#lastId);
      const ends = AbortSignal.any([signal, silent.signal]);
      const response = await fetch(this.#url, { headers, cache: "no-store", signal: ends });
      if (!response.ok || !response.body) {
        await response.body?.cancel();
        return response.status === 401 || response.status === 403 ? "refused" : "waiting";
      }
      onOpen();
      this.#owner.onState("live");
      const events = new SseReader(this.#lastId);
      const pieces = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await pieces.read();
        if (done) return "waiting";
        clearTimeout(timer);
        timer = setTimeout(() => silent.abort(), SILENCE_MS);
        this.#take(events, value);
      }
    } catch {
      return "waiting";
    } finally {
      clearTimeout(timer);
    }
  }

  #take(reader: SseReader, piece: string): void {
    const events: LiveEvent[] = [];
    for (const { type, data } of reader.feed(piece)) {
      if (type === "resync") this.#owner.onMissed();
      else events.push({ ...JSON.parse(data), kind: type } as LiveEvent);
    }
    this.#lastId = reader.lastId;
    if (events.length > 0) this.#owner.onEvents(events);
  }
}
