// SPDX-License-Identifier: Apache-2.0
import { createRouter } from "@tanstack/react-router";
import { PageMissing, PagePending, PageProblem } from "@/components/layout/page-states";
import { makeQueryClient } from "@/lib/query-client";
import { routeTree } from "@/routeTree.gen";

export const queryClient = makeQueryClient(() => {
  queryClient.removeQueries({ queryKey: ["session"] });
  void router.invalidate();
});

export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 300,
  scrollRestoration: true,
  defaultPendingComponent: PagePending,
  defaultErrorComponent: PageProblem,
  defaultNotFoundComponent: PageMissing,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
