// SPDX-License-Identifier: Apache-2.0
import { createFileRoute, useRouter } from "@tanstack/react-router";
import { SignIn } from "@/features/session/sign-in";
import { ownPath } from "@/lib/search";

export const Route = createFileRoute("/sign-in")({
  validateSearch: (search): { redirect?: string } => ownPath(search.redirect),
  component: Page,
});

function Page() {
  const router = useRouter();
  const { redirect = "/" } = Route.useSearch();
  return <SignIn onDone={() => router.history.push(redirect)} />;
}
