// SPDX-License-Identifier: Apache-2.0
// Signing in with the provider: the browser leaves for another site and comes back.
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";
import { useWays } from "./queries";

/** Why the provider's answer did not sign anybody in; stands in the address that the server sends the browser to. */
export const FAILURES = ["unavailable", "expired", "refused", "no_role", "disabled"] as const;
export type Failure = (typeof FAILURES)[number];

export function Failed({ why }: { why: Failure }) {
  const { t } = useTranslation();
  return (
    <p role="alert" className="mb-4 rounded-md border border-bad/30 bg-bad-soft px-3 py-2 text-bad">
      {t(`session.failed_${why}`)}
    </p>
  );
}

export function Elsewhere({ to }: { to: string }) {
  const { t } = useTranslation();
  const provider = useWays().data?.provider;
  if (!provider) return null;
  return (
    <div className="mb-5 flex flex-col gap-5 border-b pb-5">
      <Button kind="primary" onClick={() => location.assign(`${provider.path}?to=${encodeURIComponent(to)}`)}>
        {t("session.with", { name: provider.name })}
      </Button>
    </div>
  );
}
