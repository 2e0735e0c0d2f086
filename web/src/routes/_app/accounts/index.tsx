// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { Accounts } from "@/features/accounts";
import { accountsQuery } from "@/features/accounts/queries";
import { accountSearch } from "@/features/accounts/search";
import { loadTexts } from "@/lib/i18n";

export const Route = createFileRoute("/_app/accounts/")({
  validateSearch: accountSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => Promise.all([loadTexts("accounts"), context.queryClient.ensureQueryData(accountsQuery(deps))]),
  component: Page,
});

function Page() {
  return <Accounts search={Route.useSearch()} />;
}
