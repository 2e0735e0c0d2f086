// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { GroupPage } from "@/features/groups/detail";
import { groupQuery } from "@/features/groups/queries";
import { loadTexts } from "@/lib/i18n";
import { text, tidy } from "@/lib/search";

export const Route = createFileRoute("/_app/groups/$group")({
  validateSearch: (search): { cursor?: string } => tidy({ cursor: text(search.cursor, 2000) }),
  loader: ({ context, params }) => Promise.all([loadTexts("groups"), context.queryClient.ensureQueryData(groupQuery(params.group))]),
  component: Page,
});

function Page() {
  return <GroupPage group={Route.useParams().group} cursor={Route.useSearch().cursor} />;
}
