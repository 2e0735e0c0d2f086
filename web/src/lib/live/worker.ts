// SPDX-License-Identifier: Apache-2.0
// The shared worker: lives as long as a tab of this site does, and holds their one stream.
import { Hub } from "./hub";
import type { ToHub } from "./messages";

const hub = new Hub("/api/v1/events");

self.addEventListener("connect", (event) => {
  const port = (event as MessageEvent).ports[0];
  if (!port) return;
  port.onmessage = ({ data }: MessageEvent<ToHub>) => hub.take(port, (message) => port.postMessage(message), data);
});
self.addEventListener("online", () => hub.hurry());
