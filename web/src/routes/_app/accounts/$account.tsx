// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { AccountPage } from "@/features/accounts/detail";
import { accountQuery } from "@/features/accounts/queries";
import { loadTexts } from "@/lib/i18n";

export const Route = createFileRoute("/_app/accounts/$account")({
  loader: ({ context, params }) =>
    Promise.all([loadTexts("accounts"), context.queryClient.ensureQueryData(accountQuery(params.account))]),
  component: Page,
});

function Page() {
  return <AccountPage account={Route.useParams().account} />;
}
