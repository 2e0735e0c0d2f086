// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { Roles } from "@/features/roles";
import { catalogueQuery, rolesQuery } from "@/features/roles/queries";
import { loadTexts } from "@/lib/i18n";

export const Route = createFileRoute("/_app/roles/")({
  loader: ({ context: { queryClient } }) =>
    Promise.all([loadTexts("roles"), queryClient.ensureQueryData(catalogueQuery), queryClient.ensureQueryData(rolesQuery)]),
  component: Roles,
});
