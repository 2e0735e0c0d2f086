// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { ScriptPage } from "@/features/scripts/page";
import { stateQuery, versionsQuery } from "@/features/scripts/queries";
import { scriptPageSearch } from "@/features/scripts/search";
import { loadTexts } from "@/lib/i18n";

export const Route = createFileRoute("/_app/scripts/$product")({
  validateSearch: scriptPageSearch,
  loader: ({ context: { queryClient }, params: { product } }) =>
    Promise.all([
      loadTexts("scripts"),
      queryClient.ensureQueryData(versionsQuery(product)),
      queryClient.ensureQueryData(stateQuery(product)),
    ]),
  component: Page,
});

function Page() {
  return <ScriptPage product={Route.useParams().product} search={Route.useSearch()} />;
}
