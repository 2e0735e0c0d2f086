// SPDX-License-Identifier: Apache-2.0
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { ChangePassword } from "@/features/session/change-password";

export const Route = createFileRoute("/_app/password")({ component: Page });

function Page() {
  const navigate = useNavigate();
  return <ChangePassword onDone={() => void navigate({ to: "/" })} />;
}
