// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { Overview } from "@/features/overview";
import { countsQuery } from "@/features/overview/queries";
import { loadTexts } from "@/lib/i18n";

export const Route = createFileRoute("/_app/")({
  loader: ({ context }) => {
    void context.queryClient.prefetchQuery(countsQuery);
    return loadTexts("overview", "letters");
  },
  component: Overview,
});
