// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { RolePage } from "@/features/roles/detail";
import { catalogueQuery } from "@/features/roles/queries";
import { loadTexts } from "@/lib/i18n";

export const Route = createFileRoute("/_app/roles/$role")({
  loader: ({ context }) => Promise.all([loadTexts("roles"), context.queryClient.ensureQueryData(catalogueQuery)]),
  component: Page,
});

function Page() {
  return <RolePage role={Route.useParams().role} />;
}
