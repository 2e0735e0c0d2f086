// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { Scripts } from "@/features/scripts";
import { scriptsQuery } from "@/features/scripts/queries";
import { scriptsSearch } from "@/features/scripts/search";
import { loadTexts } from "@/lib/i18n";

export const Route = createFileRoute("/_app/scripts/")({
  validateSearch: scriptsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => Promise.all([loadTexts("scripts"), context.queryClient.ensureQueryData(scriptsQuery(deps))]),
  component: Page,
});

function Page() {
  return <Scripts search={Route.useSearch()} />;
}
