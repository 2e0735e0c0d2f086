// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, type Schemas } from "@/lib/api/client";
import { tidy } from "@/lib/search";
import { dayStart } from "@/lib/time";
import type { AuditSearch } from "./search";

export type AuditEntry = Schemas["AuditEntry"];

export function auditQuery({ from, to, ...search }: AuditSearch) {
  return queryOptions({
    queryKey: ["audit", from, to, search],
    queryFn: ({ signal }) =>
      api.get("/api/v1/audit", {
        query: { ...search, ...tidy({ from: from && dayStart(from, 0), to: to && dayStart(to, 1) }), limit: 50 },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
}
