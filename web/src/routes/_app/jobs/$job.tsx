// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { JobPage } from "@/features/jobs/page";
import { jobQuery } from "@/features/jobs/queries";
import { jobPageSearch } from "@/features/jobs/search";
import { loadTexts } from "@/lib/i18n";

export const Route = createFileRoute("/_app/jobs/$job")({
  validateSearch: jobPageSearch,
  loader: ({ context, params }) => Promise.all([loadTexts("jobs"), context.queryClient.ensureQueryData(jobQuery(Number(params.job)))]),
  component: Page,
});

function Page() {
  return <JobPage job={Number(Route.useParams().job)} search={Route.useSearch()} />;
}
