// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { DevicePage } from "@/features/device";
import { deviceQuery, devicePageSearch, latestQuery } from "@/features/device/queries";

export const Route = createFileRoute("/_app/devices/$product/$device")({
  validateSearch: devicePageSearch,
  loader: ({ context: { queryClient }, params }) =>
    Promise.all([queryClient.ensureQueryData(deviceQuery(params)), queryClient.ensureQueryData(latestQuery(params))]),
  component: Page,
});

function Page() {
  return <DevicePage id={Route.useParams()} search={Route.useSearch()} />;
}
