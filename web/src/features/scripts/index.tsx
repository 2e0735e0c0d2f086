// SPDX-License-Identifier: Apache-2.0
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "@/lib/i18n";
import { DataTable, type Column } from "@/components/data-table";
import { Pager } from "@/components/data-table/pager";
import { usePages } from "@/components/data-table/use-pages";
import { Badge } from "@/components/ui/badge";
import { Select } from "@/components/ui/form";
import { PageHead, Panel } from "@/components/ui/panel";
import { Empty } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { flag } from "@/lib/search";
import { scriptsQuery, type ScriptState } from "./queries";
import type { ScriptsSearch } from "./search";
import { Health } from "./state";

function useColumns(): Column<ScriptState>[] {
  const { t } = useTranslation();
  return [
    {
      id: "product",
      header: t("field.product"),
      sort: "product",
      cell: ({ product }) => (
        <Link to="/scripts/$product" params={{ product }} className="font-medium break-all text-accent-ink hover:underline">
          {product}
        </Link>
      ),
    },
    {
      id: "version",
      header: t("scripts.in_force"),
      cell: ({ version, newest, canary, enabled }) => (
        <span className="flex flex-wrap items-center gap-2">
          {version === null ? <span className="text-ink-3">{t("scripts.none_in_force")}</span> : <Badge tone="good">{t("scripts.version_n", { n: version })}</Badge>}
          {canary && <Badge tone="warn">{t("scripts.canary_n", { n: canary.version })}</Badge>}
          {!enabled && <Badge tone="bad">{t("scripts.switched_off")}</Badge>}
          {newest !== null && newest !== version && <span className="text-xs text-ink-3">{t("scripts.newest_n", { n: newest })}</span>}
        </span>
      ),
    },
    { id: "note", header: t("scripts.note"), className: "hidden lg:table-cell text-ink-2", cell: ({ note }) => <span className="line-clamp-1">{note}</span> },
    { id: "health", header: t("scripts.last_hour"), cell: (state) => <Health state={state} /> },
    {
      id: "activated_at",
      header: t("scripts.since"),
      className: "hidden sm:table-cell text-ink-2",
      cell: (state) => <Time value={state.activated_at} age />,
    },
  ];
}

export function Scripts({ search }: { search: ScriptsSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/scripts/" });
  const { data } = useSuspenseQuery(scriptsQuery(search));
  const pages = usePages(search.cursor, data.next_cursor);
  const columns = useColumns();
  const set = (change: { [K in keyof ScriptsSearch]?: ScriptsSearch[K] | undefined }) =>
    void navigate({ search: (before) => ({ ...before, cursor: undefined, ...change }) as ScriptsSearch, replace: true });
  return (
    <>
      <PageHead title={t("nav.scripts")} text={t("scripts.text")} />
      <div className="mb-3">
        <Select
          aria-label={t("scripts.in_force")}
          value={search.active === undefined ? "" : String(search.active)}
          onChange={(event) => set({ active: flag(event.target.value) })}
        >
          <option value="">{t("scripts.all")}</option>
          <option value="true">{t("scripts.only_active")}</option>
          <option value="false">{t("scripts.only_without")}</option>
        </Select>
      </div>
      <Panel flush>
        <DataTable
          label={t("nav.scripts")}
          columns={columns}
          rows={data.items}
          rowId={(state) => state.product}
          sort={search.sort ?? "product"}
          onSort={(sort) => set({ sort: sort as ScriptsSearch["sort"] })}
          empty={<Empty title={t("scripts.none")} text={t("scripts.none_text")} />}
        />
        {data.items.length > 0 && <Pager shown={data.items.length} {...pages} />}
      </Panel>
    </>
  );
}
