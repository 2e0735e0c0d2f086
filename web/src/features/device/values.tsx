// SPDX-License-Identifier: Apache-2.0
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "@/lib/i18n";
import { Choice, Select } from "@/components/ui/form";
import { Panel } from "@/components/ui/panel";
import { Empty, Problem, Skeleton } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { Value } from "@/components/ui/value";
import { autoBucket, bucketMs, bucketsFor, RANGE_NAMES, type Bucket } from "@/lib/time";
import { latestQuery, seriesQuery, type DeviceId } from "./queries";
import type { DevicePageSearch } from "./search";
import { COLORS, MOST_SERIES, shownNames } from "./series";

const Chart = lazy(() => import("./chart"));

type Latest = Record<string, { value?: unknown; time: string }>;

interface ChartPanelProps {
  id: DeviceId;
  search: DevicePageSearch;
  names: string[];
}

function ChartPanel({ id, search, names }: ChartPanelProps) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/devices/$product/$device" });
  const range = search.range ?? "1h";
  const bucket = search.bucket && bucketsFor(range).includes(search.bucket) ? search.bucket : undefined;
  const series = useQuery(seriesQuery(id, names, range, bucket));
  const set = (change: Partial<Record<keyof DevicePageSearch, string | undefined>>) =>
    void navigate({ search: (before) => ({ ...before, ...change }) as DevicePageSearch, replace: true });
  return (
    <Panel
      title={t("device.chart")}
      actions={
        <>
          <Choice
            label={t("device.range")}
            value={range}
            onChange={(value) => set({ range: value, bucket: undefined })}
            options={RANGE_NAMES.map((name) => ({ value: name, label: t(`range.${name}`) }))}
          />
          <Select
            aria-label={t("device.bucket")}
            value={bucket ?? ""}
            onChange={(event) => set({ bucket: event.target.value || undefined })}
          >
            <option value="">{t("device.bucket_auto", { bucket: t(`bucket.${autoBucket(range)}`) })}</option>
            {bucketsFor(range).map((one: Bucket) => (
              <option key={one} value={one}>
                {t(`bucket.${one}`)}
              </option>
            ))}
          </Select>
        </>
      }
    >
      {names.length === 0 ? (
        <Empty title={t("device.no_numbers")} text={t("device.no_numbers_text")} />
      ) : series.isError && !series.data ? (
        <Problem error={series.error} retry={() => void series.refetch()} compact />
      ) : (
        <Suspense fallback={<Skeleton className="h-64" />}>
          {series.data ? (
            <Chart {...series.data} names={names} gapMs={bucketMs(bucket ?? autoBucket(range))} />
          ) : (
            <Skeleton className="h-64" />
          )}
        </Suspense>
      )}
    </Panel>
  );
}

interface LatestTableProps {
  properties: Latest;
  shown: string[];
  onToggle: (name: string) => void;
}

function LatestTable({ properties, shown, onToggle }: LatestTableProps) {
  const { t } = useTranslation();
  const rows = Object.entries(properties).sort(([a], [b]) => a.localeCompare(b));
  if (rows.length === 0) return <Empty title={t("device.no_values")} text={t("device.no_values_text")} />;
  return (
    <table className="w-full text-left" aria-label={t("device.latest")}>
      <tbody className="divide-y">
        {rows.map(([name, { value, time }]) => {
          const at = shown.indexOf(name);
          return (
            <tr key={name} className="hover:bg-sunk/60">
              <td className="w-8 py-1.5 pl-4">
                {typeof value === "number" && (
                  <input
                    type="checkbox"
                    aria-label={t("device.in_chart", { name })}
                    className="block size-3.5"
                    style={{ accentColor: at >= 0 ? COLORS[at] : undefined }}
                    checked={at >= 0}
                    disabled={at < 0 && shown.length >= MOST_SERIES}
                    onChange={() => onToggle(name)}
                  />
                )}
              </td>
              <th scope="row" className="max-w-40 py-1.5 pr-3 pl-2 font-normal break-all text-ink-2">
                {name}
              </th>
              <td className="py-1.5 pr-3 text-right font-medium">
                <Value value={value} />
              </td>
              <td className="w-px py-1.5 pr-4 text-right text-xs text-ink-3">
                <Time value={time} age />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

export function Values({ id, search }: { id: DeviceId; search: DevicePageSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/devices/$product/$device" });
  const latest = useSuspenseQuery(latestQuery(id));
  const properties: Latest = latest.data.properties;
  const shown = shownNames(search.show, properties);
  const toggle = (name: string) => {
    const next = shown.includes(name) ? shown.filter((one) => one !== name) : [...shown, name];
    void navigate({ search: (before) => ({ ...before, show: next.join(",") || "-" }), replace: true });
  };
  return (
    <div className="grid items-start gap-3 xl:grid-cols-[minmax(22rem,2fr)_3fr]">
      <Panel title={t("device.latest")} flush>
        <LatestTable properties={properties} shown={shown} onToggle={toggle} />
      </Panel>
      <ChartPanel id={id} search={search} names={shown} />
    </div>
  );
}
