// SPDX-License-Identifier: Apache-2.0
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "@/lib/i18n";
import { Badge } from "@/components/ui/badge";
import { PageHead, Panel } from "@/components/ui/panel";
import { Empty, Problem, Skeleton, SkeletonRows } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { useMay } from "@/features/session/queries";
import { formatBytes } from "@/lib/data";
import { countsQuery, newestLettersQuery, readyQuery, useTraffic } from "./queries";
import { Sparkline } from "./sparkline";

const SLOTS = 36;

function Tile({ label, value, note, to }: { label: string; value: ReactNode; note?: ReactNode; to?: "/products" | "/devices" }) {
  return (
    <div className="rounded-lg border bg-panel px-4 py-3">
      <p className="text-xs text-ink-3">{to ? <Link to={to} className="hover:text-ink hover:underline">{label}</Link> : label}</p>
      <p className="mt-0.5 text-2xl leading-8 font-semibold tracking-tight tabular-nums">{value}</p>
      <div className="min-h-5 text-xs text-ink-2">{note}</div>
    </div>
  );
}

function useNumber() {
  const { locale } = useTranslation();
  const format = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  return (n: number) => format.format(n);
}

function Tiles() {
  const { t } = useTranslation();
  const number = useNumber();
  const counts = useQuery(countsQuery);
  const traffic = useTraffic();
  const ready = useQuery(readyQuery);
  const wait = <Skeleton className="my-1.5 h-5 w-16" />;
  const dash = <span className="text-ink-3">–</span>;
  const show = (value: ReactNode) => (counts.isPending ? wait : counts.isError ? dash : value);
  const perSecond = traffic.recent("thingd_hook_stored_total");
  const data = counts.data;
  const share = data && data.devices > 0 ? Math.min(1, data.online / data.devices) : null;
  const ok = ready.data?.ready;
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Tile label={t("nav.products")} to="/products" value={show(data && number(data.products))} />
      <Tile
        label={t("nav.devices")}
        to="/devices"
        value={show(data && number(data.devices))}
        note={data && t("overview.online", { n: number(data.online) })}
      />
      <Tile
        label={t("overview.online_share")}
        value={show(share === null ? dash : `${number(share * 100)} %`)}
        note={
          share !== null && (
            <span className="mt-2 block h-1 overflow-hidden rounded-full bg-sunk" aria-hidden>
              <span className="block h-full bg-good" style={{ width: `${share * 100}%` }} />
            </span>
          )
        }
      />
      <Tile
        label={t("overview.rate")}
        value={traffic.query.isError ? dash : perSecond === null ? wait : number(perSecond)}
        note={
          ok === undefined ? null : (
            <span className="flex items-center gap-1.5">
              <span className={`size-2 rounded-full ${ok ? "bg-good" : "bg-bad"}`} aria-hidden />
              {t(ok ? "overview.ready" : "overview.not_ready")}
            </span>
          )
        }
      />
    </div>
  );
}

const FIGURES = [
  ["stored", "thingd_hook_stored_total"],
  ["duplicate", "thingd_hook_duplicate_total"],
  ["dead", "thingd_hook_dead_total"],
  ["refused", "thingd_hook_refused_total"],
  ["spooled", "thingd_hook_spooled_total"],
  ["retry", "thingd_hook_retry_total"],
  ["auth_denied", "thingd_auth_denied_total"],
  ["script_errors", "thingd_script_errors_total"],
] as const;

function Traffic() {
  const { t } = useTranslation();
  const number = useNumber();
  const { query, figures, rates, recent } = useTraffic();
  const stored = rates("thingd_hook_stored_total");
  if (query.isError && !figures) return <Problem error={query.error} retry={() => void query.refetch()} compact />;
  if (!figures) return <SkeletonRows rows={5} />;
  return (
    <>
      <div className="px-4 pt-3">
        <p className="text-xs text-ink-3">{t("overview.stored_per_second")}</p>
        <Sparkline values={stored} slots={SLOTS} />
      </div>
      <dl className="grid grid-cols-[1fr_auto_auto] gap-x-6 px-4 pt-2 leading-7">
        {FIGURES.map(([name, metric]) => (
          <div key={name} className="col-span-3 grid grid-cols-subgrid border-t first:border-t-0">
            <dt className="text-ink-2">{t(`overview.figure_${name}`)}</dt>
            <dd className="text-right text-ink-3 tabular-nums">{number(recent(metric) ?? 0)}/s</dd>
            <dd className="min-w-16 text-right font-medium tabular-nums">{number(figures[metric] ?? 0)}</dd>
          </div>
        ))}
      </dl>
      <div className="mx-4 flex justify-between border-t pt-1 pb-3 text-xs text-ink-3">
        <span>{t("overview.memory", { size: formatBytes(figures.thingd_resident_bytes ?? 0) })}</span>
        <span>{t("overview.workers", { count: figures.thingd_workers ?? 0 })}</span>
      </div>
    </>
  );
}

type Letters = UseQueryResult<Awaited<ReturnType<NonNullable<typeof newestLettersQuery.queryFn>>>>;

function NewestLetters() {
  const { t } = useTranslation();
  const letters = useQuery(newestLettersQuery) as Letters;
  if (letters.isPending) return <SkeletonRows />;
  if (letters.isError) return <Problem error={letters.error} retry={() => void letters.refetch()} compact />;
  if (letters.data.items.length === 0) return <Empty title={t("letters.none")} text={t("letters.none_text")} />;
  return (
    <ul className="divide-y">
      {letters.data.items.map((letter) => (
        <li key={letter.id}>
          <Link to="/dead-letters" search={{ letter: letter.id }} className="flex items-center gap-3 px-4 py-2 hover:bg-sunk/60">
            <Badge tone="bad">{letter.reason}</Badge>
            <span className="min-w-0 flex-1 truncate text-ink-2">
              {letter.product || "–"} / {letter.device || "–"}
              {letter.detail && <span className="text-ink-3"> · {letter.detail}</span>}
            </span>
            <span className="text-xs text-ink-3">
              <Time value={letter.time} age />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

export function Overview() {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <>
      <PageHead title={t("nav.overview")} />
      <Tiles />
      <div className="mt-3 grid items-start gap-3 xl:grid-cols-[2fr_3fr]">
        {may("system:read") && (
          <Panel title={t("overview.traffic")} flush>
            <Traffic />
          </Panel>
        )}
        {may("dead_letters:read") && (
          <Panel
            title={t("overview.newest_letters")}
            flush
            actions={
              <Link to="/dead-letters" className="text-accent-ink hover:underline">
                {t("action.all")}
              </Link>
            }
          >
            <NewestLetters />
          </Panel>
        )}
      </div>
    </>
  );
}
