// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { Groups } from "@/features/groups";
import { groupsQuery } from "@/features/groups/queries";
import { groupSearch } from "@/features/groups/search";
import { loadTexts } from "@/lib/i18n";

export const Route = createFileRoute("/_app/groups/")({
  validateSearch: groupSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => Promise.all([loadTexts("groups"), context.queryClient.ensureQueryData(groupsQuery(deps))]),
  component: Page,
});

function Page() {
  return <Groups search={Route.useSearch()} />;
}
