// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { DeadLetters } from "@/features/dead-letters";
import { lettersQuery } from "@/features/dead-letters/queries";
import { letterSearch } from "@/features/dead-letters/search";
import { loadTexts } from "@/lib/i18n";

export const Route = createFileRoute("/_app/dead-letters/")({
  validateSearch: letterSearch,
  loaderDeps: ({ search: { letter: _, ...list } }) => list,
  loader: ({ context, deps }) => Promise.all([loadTexts("letters"), context.queryClient.ensureQueryData(lettersQuery(deps))]),
  component: Page,
});

function Page() {
  return <DeadLetters search={Route.useSearch()} />;
}
