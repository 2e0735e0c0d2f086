// SPDX-License-Identifier: Apache-2.0
// How the functions of a version did during the last day.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/lib/i18n";
import { DataTable, type Column } from "@/components/data-table";
import { Badge } from "@/components/ui/badge";
import { Panel } from "@/components/ui/panel";
import { Empty, Problem, SkeletonRows } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { formatBytes } from "@/lib/data";
import { runsQuery, type Runs } from "./queries";

const ms = (us: number) => `${(us / 1000).toFixed(us < 10_000 ? 2 : 0)} ms`;

function useColumns(): Column<Runs>[] {
  const { t, locale } = useTranslation();
  const number = new Intl.NumberFormat(locale);
  const right = "text-right tabular-nums";
  return [
    { id: "function", header: t("scripts.function"), cell: (run) => <code className="font-mono text-xs">{run.function}</code> },
    { id: "runs", header: t("scripts.runs"), className: right, cell: ({ runs }) => number.format(runs) },
    {
      id: "errors",
      header: t("scripts.errors"),
      className: right,
      cell: ({ errors }) => (errors > 0 ? <Badge tone="bad">{number.format(errors)}</Badge> : "0"),
    },
    { id: "avg", header: t("scripts.cpu_avg"), className: right, cell: (run) => ms(run.cpu_avg_us) },
    { id: "max", header: t("scripts.cpu_max"), className: `hidden sm:table-cell ${right}`, cell: (run) => ms(run.cpu_max_us) },
    { id: "memory", header: t("scripts.memory"), className: `hidden md:table-cell ${right}`, cell: (run) => formatBytes(run.memory_max) },
    { id: "last", header: t("scripts.last_run"), className: "hidden lg:table-cell text-ink-2", cell: (run) => <Time value={run.last_at} age /> },
  ];
}

export default function RunsTab({ product, version }: { product: string; version: number | null }) {
  const { t } = useTranslation();
  const runs = useQuery({ ...runsQuery(product, version ?? 0), enabled: version !== null });
  const columns = useColumns();
  if (version === null) return <Empty title={t("scripts.no_versions")} text={t("scripts.no_versions_text")} />;
  if (runs.isError && !runs.data) return <Problem error={runs.error} retry={() => void runs.refetch()} />;
  const failed = runs.data?.items.filter((run) => run.last_error) ?? [];
  return (
    <>
      <Panel title={t("scripts.runs_of", { n: version })} flush className="mb-3">
        {runs.data ? (
          <DataTable
            label={t("scripts.tab_runs")}
            columns={columns}
            rows={runs.data.items}
            rowId={(run) => run.function}
            empty={<Empty title={t("scripts.no_runs")} text={t("scripts.no_runs_text")} />}
          />
        ) : (
          <SkeletonRows rows={3} />
        )}
      </Panel>
      {failed.length > 0 && (
        <Panel title={t("scripts.last_errors")} flush>
          <ul className="divide-y">
            {failed.map((run) => (
              <li key={run.function} className="px-4 py-2">
                <p className="flex flex-wrap items-center gap-3">
                  <code className="font-mono text-xs">{run.function}</code>
                  <span className="ml-auto text-xs text-ink-3">
                    <Time value={run.last_error_at} age />
                  </span>
                </p>
                <p className="break-words text-bad">{run.last_error}</p>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}
