// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { DevicePage } from "@/features/device";
import { deviceQuery, latestQuery } from "@/features/device/queries";
import { devicePageSearch } from "@/features/device/search";
import { loadTexts } from "@/lib/i18n";

export const Route = createFileRoute("/_app/devices/$product/$device")({
  validateSearch: devicePageSearch,
  loader: ({ context: { queryClient }, params }) =>
    Promise.all([
      loadTexts("device"),
      queryClient.ensureQueryData(deviceQuery(params)),
      queryClient.ensureQueryData(latestQuery(params)),
    ]),
  component: Page,
});

function Page() {
  return <DevicePage id={Route.useParams()} search={Route.useSearch()} />;
}
