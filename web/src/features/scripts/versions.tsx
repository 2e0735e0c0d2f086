// SPDX-License-Identifier: Apache-2.0
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { DataTable, type Column } from "@/components/data-table";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/form";
import { Panel } from "@/components/ui/panel";
import { Empty, Problem, Skeleton } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { useMay } from "@/features/session/queries";
import { formatBytes } from "@/lib/data";
import { toast } from "@/lib/toast";
import { sourceQuery, useActivate, type ScriptVersion } from "./queries";
import type { ScriptPageSearch } from "./search";

const LuaDiff = lazy(() => import("@/components/editor/diff"));
const StartCanary = lazy(() => import("./start-canary"));
const Confirm = lazy(() => import("@/components/ui/confirm").then(({ Confirm }) => ({ default: Confirm })));

function useColumns(product: string, act: ((what: "activate" | "canary", number: number) => void) | null): Column<ScriptVersion>[] {
  const { t } = useTranslation();
  return [
    {
      id: "number",
      header: t("scripts.version"),
      cell: ({ number, active }) => (
        <span className="flex items-center gap-2">
          <Link to="/scripts/$product" params={{ product }} search={{ version: number }} className="font-medium text-accent-ink hover:underline">
            {t("scripts.version_n", { n: number })}
          </Link>
          {active && <Badge tone="good">{t("scripts.in_force")}</Badge>}
        </span>
      ),
    },
    { id: "note", header: t("scripts.note"), className: "hidden sm:table-cell", cell: ({ note }) => <span className="line-clamp-2 break-words">{note}</span> },
    { id: "size", header: t("scripts.size"), className: "hidden lg:table-cell text-right text-ink-3", cell: ({ size }) => formatBytes(size) },
    {
      id: "created_at",
      header: t("field.created"),
      className: "hidden md:table-cell text-ink-2",
      cell: (version) => (
        <>
          <Time value={version.created_at} /> · {version.created_by}
        </>
      ),
    },
    {
      id: "actions",
      header: <span className="sr-only">{t("scripts.activate")}</span>,
      className: "w-px text-right",
      cell: ({ number, active }) =>
        act &&
        !active && (
          <span className="flex justify-end gap-1.5">
            <Button small kind="quiet" onClick={() => act("canary", number)}>
              {t("scripts.canary")}
            </Button>
            <Button small onClick={() => act("activate", number)}>
              {t("scripts.activate")}
            </Button>
          </span>
        ),
    },
  ];
}

interface CompareProps {
  product: string;
  search: ScriptPageSearch;
  versions: ScriptVersion[];
}

function Compare({ product, search, versions }: CompareProps) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/scripts/$product" });
  const active = versions.find((version) => version.active);
  const after = search.version ?? versions[0]?.number ?? 0;
  const before = search.with ?? (active && active.number !== after ? active.number : versions.find(({ number }) => number < after)?.number) ?? after;
  const [old, now] = [useQuery(sourceQuery(product, before)), useQuery(sourceQuery(product, after))];
  const failed = old.error ?? now.error;
  const pick = (name: "version" | "with", value: number, label: string) => (
    <Select
      aria-label={label}
      value={value}
      onChange={(event) => void navigate({ search: { tab: "versions", version: after, with: before, [name]: Number(event.target.value) }, replace: true })}
    >
      {versions.map(({ number }) => (
        <option key={number} value={number}>
          {t("scripts.version_n", { n: number })}
        </option>
      ))}
    </Select>
  );
  return (
    <Panel
      title={t("scripts.compare")}
      flush
      actions={
        <>
          {pick("with", before, t("scripts.compare_old"))} → {pick("version", after, t("scripts.compare_new"))}
        </>
      }
    >
      {failed ? (
        <Problem error={failed} compact />
      ) : (
        <Suspense fallback={<Skeleton className="m-4 h-64" />}>
          {old.data && now.data ? (
            before === after ? (
              <Empty title={t("scripts.same")} />
            ) : (
              <LuaDiff label={t("scripts.compare")} before={old.data.source} after={now.data.source} />
            )
          ) : (
            <Skeleton className="m-4 h-64" />
          )}
        </Suspense>
      )}
    </Panel>
  );
}

export default function Versions({ product, search, versions }: CompareProps) {
  const { t } = useTranslation();
  const may = useMay();
  const activate = useActivate(product);
  const [asking, setAsking] = useState<number | null>(null);
  const [canary, setCanary] = useState<number | null>(null);
  const columns = useColumns(product, may("scripts:activate") ? (what, number) => (what === "canary" ? setCanary(number) : setAsking(number)) : null);
  return (
    <>
      <Panel flush className="mb-3">
        <DataTable
          label={t("scripts.tab_versions")}
          columns={columns}
          rows={versions}
          rowId={(version) => String(version.number)}
          empty={<Empty title={t("scripts.no_versions")} text={t("scripts.no_versions_text")} />}
        />
      </Panel>
      {versions.length > 1 && <Compare product={product} search={search} versions={versions} />}
      <Suspense>
        {canary !== null && <StartCanary product={product} number={canary} onClose={() => setCanary(null)} />}
        {asking !== null && (
          <Confirm
            title={t("scripts.activate_title", { n: asking })}
            text={t("scripts.activate_text")}
            action={t("scripts.activate")}
            busy={activate.isPending}
            error={activate.error}
            onClose={() => setAsking(null)}
            onConfirm={() =>
              activate.mutate(asking, {
                onSuccess: () => {
                  toast.say(t("scripts.activated", { n: asking }));
                  setAsking(null);
                },
              })
            }
          />
        )}
      </Suspense>
    </>
  );
}
