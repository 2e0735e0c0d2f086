// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { Settings } from "@/features/settings";
import { settingsQuery } from "@/features/settings/queries";
import { loadTexts } from "@/lib/i18n";

export const Route = createFileRoute("/_app/settings")({
  loader: ({ context }) => Promise.all([loadTexts("platform"), context.queryClient.ensureQueryData(settingsQuery)]),
  component: Settings,
});
