// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { DeadLetters } from "@/features/dead-letters";
import { lettersQuery, letterSearch } from "@/features/dead-letters/queries";

export const Route = createFileRoute("/_app/dead-letters/")({
  validateSearch: letterSearch,
  loaderDeps: ({ search: { letter: _, ...list } }) => list,
  loader: ({ context, deps }) => context.queryClient.ensureQueryData(lettersQuery(deps)),
  component: Page,
});

function Page() {
  return <DeadLetters search={Route.useSearch()} />;
}
