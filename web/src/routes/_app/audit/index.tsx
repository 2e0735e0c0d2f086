// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { Audit } from "@/features/audit";
import { auditQuery } from "@/features/audit/queries";
import { auditSearch } from "@/features/audit/search";
import { loadTexts } from "@/lib/i18n";

export const Route = createFileRoute("/_app/audit/")({
  validateSearch: auditSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => Promise.all([loadTexts("audit"), context.queryClient.ensureQueryData(auditQuery(deps))]),
  component: Page,
});

function Page() {
  return <Audit search={Route.useSearch()} />;
}
