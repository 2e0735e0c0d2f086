// SPDX-License-Identifier: Apache-2.0
import { createFileRoute, useLocation } from "@tanstack/react-router";
import { ResetPassword } from "@/features/session/reset";
import { loadTexts } from "@/lib/i18n";

export const Route = createFileRoute("/reset")({ loader: () => loadTexts("session"), component: Page });

function Page() {
  return <ResetPassword token={useLocation().hash} />;
}
