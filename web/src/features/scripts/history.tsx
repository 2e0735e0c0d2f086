// SPDX-License-Identifier: Apache-2.0
// What was in force when, and how it ended.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/lib/i18n";
import { Badge, type Tone } from "@/components/ui/badge";
import { Panel } from "@/components/ui/panel";
import { Empty, Problem, SkeletonRows } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { activationsQuery, type Activation } from "./queries";
import { targetText } from "./target";

const TONES: Record<NonNullable<Activation["outcome"]>, Tone> = {
  undone: "warn", promoted: "good", aborted: "plain", failed: "bad", replaced: "plain",
};

export default function History({ product }: { product: string }) {
  const { t } = useTranslation();
  const history = useQuery(activationsQuery(product));
  if (history.isPending) return <SkeletonRows />;
  if (history.isError) return <Problem error={history.error} retry={() => void history.refetch()} />;
  return (
    <Panel title={t("scripts.tab_history")} flush>
      {history.data.items.length === 0 && <Empty title={t("scripts.no_history")} />}
      <ul className="divide-y">
        {history.data.items.map((one, i) => (
          <li key={i} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
            <span className="text-ink-2">
              <Time value={one.at} />
            </span>
            <span className="font-medium">{one.version === null ? t("scripts.none_for_all") : t("scripts.version_n", { n: one.version })}</span>
            <Badge tone={one.kind === "canary" ? "warn" : "good"}>{t(`scripts.kind_${one.kind}`)}</Badge>
            {one.target && <span className="text-ink-2">{targetText(t, one.target)}</span>}
            <span className="text-ink-3">{one.actor}</span>
            {one.outcome && (
              <span className="ml-auto flex flex-wrap items-center gap-2 text-ink-3">
                <Badge tone={TONES[one.outcome]}>{t(`scripts.outcome_${one.outcome}`)}</Badge>
                <Time value={one.ended_at} /> {one.ended_by === "system" ? t("scripts.by_system") : one.ended_by}
              </span>
            )}
            {one.reason && <p className="basis-full break-words text-bad">{one.reason}</p>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
