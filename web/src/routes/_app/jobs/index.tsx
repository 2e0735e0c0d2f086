// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { Jobs } from "@/features/jobs";
import { jobsQuery } from "@/features/jobs/queries";
import { jobSearch } from "@/features/jobs/search";
import { loadTexts } from "@/lib/i18n";

export const Route = createFileRoute("/_app/jobs/")({
  validateSearch: jobSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => Promise.all([loadTexts("jobs"), context.queryClient.ensureQueryData(jobsQuery(deps))]),
  component: Page,
});

function Page() {
  return <Jobs search={Route.useSearch()} />;
}
