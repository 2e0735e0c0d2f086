// SPDX-License-Identifier: Apache-2.0
// Walking pages by cursor: the cursor is in the address, so a page can be linked to; the way back is in the browser's
// history entry, and is empty for who came by a link.
import { useNavigate, useRouterState } from "@tanstack/react-router";

declare module "@tanstack/react-router" {
  interface HistoryState {
    trail?: string[];
  }
}

const FIRST = "";

export function usePages(cursor: string | undefined, next: string | null) {
  const navigate = useNavigate();
  const trail = useRouterState({ select: (state) => state.location.state.trail }) ?? [];
  const go = (to: string, way: string[]) =>
    void navigate({
      to: ".",
      search: (before: Record<string, unknown>) => ({ ...before, cursor: to || undefined }),
      state: { trail: way },
    } as never);
  const last = trail.at(-1);
  return {
    page: cursor ? trail.length + 1 : 1,
    onFirst: cursor ? () => go(FIRST, []) : null,
    onBack: cursor && last !== undefined ? () => go(last, trail.slice(0, -1)) : null,
    onNext: next ? () => go(next, [...trail, cursor ?? FIRST]) : null,
  };
}
