// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { Devices } from "@/features/devices";
import { devicesQuery } from "@/features/devices/queries";
import { deviceSearch } from "@/features/devices/search";
import { loadTexts } from "@/lib/i18n";

export const Route = createFileRoute("/_app/devices/")({
  validateSearch: deviceSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => Promise.all([loadTexts("devices"), context.queryClient.ensureQueryData(devicesQuery(deps))]),
  component: Page,
});

function Page() {
  return <Devices search={Route.useSearch()} />;
}
