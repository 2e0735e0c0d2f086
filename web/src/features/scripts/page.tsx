// SPDX-License-Identifier: Apache-2.0
// The script of one product: its editor, versions, and how it runs. The draft lives here, so that it outlasts a look at
// another tab.
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useBlocker } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { Badge } from "@/components/ui/badge";
import { PageHead } from "@/components/ui/panel";
import { Problem, SkeletonRows } from "@/components/ui/states";
import { Tabs } from "@/components/ui/tabs";
import { Time } from "@/components/ui/time";
import { useMay } from "@/features/session/queries";
import { Steering } from "./steering";
import { TEMPLATE } from "./problems";
import { sourceQuery, stateQuery, versionsQuery } from "./queries";
import { TABS, type ScriptPageSearch } from "./search";
import { Health } from "./state";

const Editor = lazy(() => import("./editor"));
const Versions = lazy(() => import("./versions"));
const RunsTab = lazy(() => import("./runs"));
const Log = lazy(() => import("./log"));
const History = lazy(() => import("./history"));
const Canary = lazy(() => import("./canary"));
const Confirm = lazy(() => import("@/components/ui/confirm").then(({ Confirm }) => ({ default: Confirm })));

/** Where the draft comes from, and what it has become. */
export interface Draft {
  from: number | null;
  start: string;
  text: string;
}

function Edit({ product, from, draft, onDraft }: { product: string; from: number | null; draft: Draft | null; onDraft: (draft: Draft | null) => void }) {
  const source = useQuery({ ...sourceQuery(product, from ?? 0), enabled: from !== null && draft === null });
  if (draft === null && source.isError) return <Problem error={source.error} retry={() => void source.refetch()} />;
  if (draft === null && from !== null && !source.data) return <SkeletonRows rows={10} />;
  const start = source.data?.source ?? TEMPLATE;
  return <Editor product={product} draft={draft ?? { from, start, text: start }} onDraft={onDraft} />;
}

function Leaving({ dirty }: { dirty: boolean }) {
  const { t } = useTranslation();
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  });
  if (blocker.status !== "blocked") return null;
  return (
    <Suspense>
      <Confirm
        title={t("scripts.leave_title")}
        text={t("scripts.leave_text")}
        action={t("scripts.leave")}
        busy={false}
        onClose={blocker.reset}
        onConfirm={blocker.proceed}
      />
    </Suspense>
  );
}

export function ScriptPage({ product, search }: { product: string; search: ScriptPageSearch }) {
  const { t } = useTranslation();
  const may = useMay();
  const { data: versions } = useSuspenseQuery(versionsQuery(product));
  const { data: state } = useSuspenseQuery(stateQuery(product));
  const [draft, setDraft] = useState<Draft | null>(null);
  const tabs = TABS.filter((tab) => tab !== "edit" || may("scripts:create"));
  const tab = search.tab && tabs.includes(search.tab) ? search.tab : (tabs[0] ?? "versions");
  const from = search.version ?? state.version ?? versions.items[0]?.number ?? null;
  return (
    <>
      <PageHead
        title={
          <>
            {product}
            {state.version === null ? (
              <Badge>{t("scripts.none_in_force")}</Badge>
            ) : (
              <Badge tone="good">{t("scripts.version_in_force", { n: state.version })}</Badge>
            )}
            {!state.enabled && <Badge tone="bad">{t("scripts.switched_off")}</Badge>}
          </>
        }
        text={
          <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <Link to="/products/$product" params={{ product }} className="hover:underline">
              {t("field.product")}
            </Link>
            {state.activated_at && (
              <span>
                {t("scripts.since")} <Time value={state.activated_at} age />
              </span>
            )}
            <Health state={state} />
          </span>
        }
        actions={<Steering product={product} state={state} />}
      />
      <Suspense>{state.canary && <Canary product={product} canary={state.canary} />}</Suspense>
      <Tabs label={t("scripts.tabs")} current={tab} tabs={tabs.map((value) => ({ value, label: t(`scripts.tab_${value}`) }))} />
      <Suspense fallback={<SkeletonRows />}>
        {tab === "edit" && <Edit key={from} product={product} from={from} draft={draft?.from === from ? draft : null} onDraft={setDraft} />}
        {tab === "versions" && <Versions product={product} search={search} versions={versions.items} />}
        {tab === "log" && <Log product={product} search={search} />}
        {tab === "history" && <History product={product} />}
        {tab === "runs" && <RunsTab product={product} version={from} />}
      </Suspense>
      <Leaving dirty={draft !== null && draft.text !== draft.start} />
    </>
  );
}
