// SPDX-License-Identifier: Apache-2.0
// Server-sent events out of a body's text. Unlike packaged readers it also tells of ids that come without data: the
// server's sign of life moves the point from where a listener can go on, and raises no event.

export interface SseEvent {
  type: string;
  data: string;
}

export class SseReader {
  /** Where to go on after what was read so far. */
  lastId: string | null;
  #rest = "";
  #type = "";
  #data: string[] = [];

  constructor(lastId: string | null = null) {
    this.lastId = lastId;
  }

  /** The events that are whole with this piece. */
  feed(piece: string): SseEvent[] {
    const lines = (this.#rest + piece).split("\n");
    this.#rest = lines.pop() ?? "";
    const found: SseEvent[] = [];
    for (const line of lines) this.#line(line.endsWith("\r") ? line.slice(0, -1) : line, found);
    return found;
  }

  #line(line: string, found: SseEvent[]): void {
    if (line === "") {
      if (this.#data.length > 0) found.push({ type: this.#type || "message", data: this.#data.join("\n") });
      this.#type = "";
      this.#data = [];
      return;
    }
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "id") this.lastId = value;
    else if (name === "event") this.#type = value;
    else if (name === "data") this.#data.push(value);
  }
}
