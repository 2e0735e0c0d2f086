// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { Tokens } from "@/features/tokens";
import { tokensQuery } from "@/features/tokens/queries";
import { tokenSearch } from "@/features/tokens/search";
import { loadTexts } from "@/lib/i18n";

export const Route = createFileRoute("/_app/tokens/")({
  validateSearch: tokenSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => Promise.all([loadTexts("tokens"), context.queryClient.ensureQueryData(tokensQuery(deps))]),
  component: Page,
});

function Page() {
  return <Tokens search={Route.useSearch()} />;
}
