// SPDX-License-Identifier: Apache-2.0
// The dashboard follows the server: loaded after the first page is drawn.
import type { QueryClient } from "@tanstack/react-query";
import { credentials } from "@/lib/auth";
import { connectLive } from "@/lib/live/link";
import type { LiveState } from "@/lib/live/messages";
import { setLiveState } from "@/lib/live/state";
import { makeApply } from "./apply";

/** For as long as somebody is signed in; ends by what it answers. */
export function followServer(client: QueryClient): () => void {
  const { onEvents, onMissed, end } = makeApply(client);
  let before: LiveState = "off";
  const disconnect = connectLive({
    token: credentials.token(),
    onEvents,
    onMissed,
    onState: (state) => {
      setLiveState(state);
      // Before this moment nothing was told; when it ends, asking has to begin.
      if ((state === "live") !== (before === "live")) onMissed();
      // Perhaps the viewer may see less now.
      if (state === "refused") void client.invalidateQueries({ queryKey: ["session"] });
      before = state;
    },
  });
  return () => {
    disconnect();
    end();
  };
}
