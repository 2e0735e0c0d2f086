// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { Devices } from "@/features/devices";
import { deviceSearch, devicesQuery } from "@/features/devices/queries";

export const Route = createFileRoute("/_app/devices/")({
  validateSearch: deviceSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => context.queryClient.ensureQueryData(devicesQuery(deps)),
  component: Page,
});

function Page() {
  return <Devices search={Route.useSearch()} />;
}
