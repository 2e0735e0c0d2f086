// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { ImportPage } from "@/features/jobs/import";
import { loadTexts } from "@/lib/i18n";

export const Route = createFileRoute("/_app/jobs/import")({ loader: () => loadTexts("jobs"), component: ImportPage });
