// SPDX-License-Identifier: Apache-2.0
import { createFileRoute, useRouter } from "@tanstack/react-router";
import { FAILURES, type Failure } from "@/features/session/elsewhere";
import { SignIn } from "@/features/session/sign-in";
import { loadTexts } from "@/lib/i18n";
import { oneOf, ownPath } from "@/lib/search";

export const Route = createFileRoute("/sign-in")({
  // Each is named even when it is none: what is left out stays as it stands in the address.
  validateSearch: (search): { redirect?: string | undefined; failed?: Failure | undefined } => ({
    redirect: ownPath(search.redirect).redirect,
    failed: oneOf(search.failed, FAILURES),
  }),
  loader: () => loadTexts("session"),
  component: Page,
});

function Page() {
  const router = useRouter();
  const { redirect = "/", failed } = Route.useSearch();
  return <SignIn to={redirect} failed={failed} onDone={() => router.history.push(redirect)} />;
}
