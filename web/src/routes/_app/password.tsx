// SPDX-License-Identifier: Apache-2.0
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { ChangePassword } from "@/features/session/change-password";
import { loadTexts } from "@/lib/i18n";

export const Route = createFileRoute("/_app/password")({ loader: () => loadTexts("session"), component: Page });

function Page() {
  const navigate = useNavigate();
  return (
    <div className="flex justify-center">
      <ChangePassword onDone={() => void navigate({ to: "/" })} />
    </div>
  );
}
