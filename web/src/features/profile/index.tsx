// SPDX-License-Identifier: Apache-2.0
// What people do with their own account.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/lib/i18n";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { PageHead, Panel } from "@/components/ui/panel";
import { Empty, Problem, SkeletonRows } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { ChangePassword } from "@/features/session/change-password";
import { useSession } from "@/features/session/queries";
import { ownSessionsQuery, useEndSession } from "./queries";
import { SecondFactor } from "./second-factor";

function Sessions() {
  const { t } = useTranslation();
  const sessions = useQuery(ownSessionsQuery);
  const end = useEndSession();
  if (sessions.isPending) return <SkeletonRows rows={3} />;
  if (sessions.isError) return <Problem error={sessions.error} retry={() => void sessions.refetch()} compact />;
  return (
    <ul className="divide-y">
      {sessions.data.items.map((session) => (
        <li key={session.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
          <span className="min-w-0 flex-1 basis-60">
            <span className="flex items-center gap-2">
              <span className="truncate" title={session.agent}>
                {session.agent || t("profile.unknown_agent")}
              </span>
              {session.current && <Badge tone="accent">{t("profile.current")}</Badge>}
            </span>
            <span className="block text-xs text-ink-3">
              {session.address} · {t("profile.began")} <Time value={session.created_at} /> · {t("presence.seen")}{" "}
              <Time value={session.seen_at} age />
            </span>
          </span>
          {!session.current && (
            <Button small busy={end.isPending && end.variables === session.id} onClick={() => end.mutate(session.id)}>
              {t("session.sign_out")}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

export function Profile() {
  const { t } = useTranslation();
  const session = useSession();
  if (session.kind !== "account") return <Empty title={t("profile.no_account")} text={t("profile.no_account_text")} />;
  return (
    <>
      <PageHead title={t("session.profile")} text={session.name} />
      <div className="grid items-start gap-3 xl:grid-cols-2">
        <ChangePassword onDone={() => undefined} />
        <div className="flex min-w-0 flex-col gap-3">
          <SecondFactor />
          <Panel title={t("profile.sessions")} flush>
            <Sessions />
          </Panel>
        </div>
      </div>
    </>
  );
}
