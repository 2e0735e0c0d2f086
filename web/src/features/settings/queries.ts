// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from "@tanstack/react-query";
import { api, type Schemas } from "@/lib/api/client";
import { useSave, type Change } from "@/lib/changes";

export type Settings = Schemas["Settings"];

export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: ({ signal }) => api.tagged("/api/v1/settings", { signal }),
});

export function useUpdateSettings() {
  return useSave(settingsQuery.queryKey, settingsQuery.queryKey, ({ body, etag }: Change<Schemas["SettingsPatch"]>) =>
    api.patch("/api/v1/settings", { body, etag }),
  );
}
