// SPDX-License-Identifier: Apache-2.0
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { DataTable, type Column } from "@/components/data-table";
import { Pager } from "@/components/data-table/pager";
import { usePages } from "@/components/data-table/use-pages";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/form";
import { PageHead, Panel } from "@/components/ui/panel";
import { Empty } from "@/components/ui/states";
import { useMay } from "@/features/session/queries";
import { oneOf } from "@/lib/search";
import { groupsQuery, type Group } from "./queries";
import { KINDS, type GroupSearch } from "./search";

const CreateGroup = lazy(() => import("./create"));

function useColumns(): Column<Group>[] {
  const { t } = useTranslation();
  return [
    {
      id: "key",
      header: t("field.key"),
      sort: "key",
      cell: ({ key }) => (
        <Link to="/groups/$group" params={{ group: key }} className="font-medium break-all text-accent-ink hover:underline">
          {key}
        </Link>
      ),
    },
    { id: "name", header: t("field.name"), sort: "name", className: "hidden sm:table-cell", cell: (group) => group.name },
    { id: "kind", header: t("groups.kind"), cell: ({ kind }) => <Badge tone={kind === "query" ? "accent" : "plain"}>{t(`groups.kind_${kind}`)}</Badge> },
    {
      id: "product",
      header: t("groups.product"),
      className: "hidden md:table-cell text-ink-2",
      cell: ({ product }) => product ?? t("groups.all_products"),
    },
  ];
}

export function Groups({ search }: { search: GroupSearch }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate({ from: "/groups/" });
  const { data } = useSuspenseQuery(groupsQuery(search));
  const pages = usePages(search.cursor, data.next_cursor);
  const columns = useColumns();
  const [creating, setCreating] = useState(false);
  const set = (change: { [K in keyof GroupSearch]?: GroupSearch[K] | undefined }) =>
    void navigate({ search: (before) => ({ ...before, cursor: undefined, ...change }) as GroupSearch, replace: true });
  const create = may("groups:create") && (
    <Button kind="primary" onClick={() => setCreating(true)}>
      <Plus className="size-4" aria-hidden /> {t("groups.create")}
    </Button>
  );
  return (
    <>
      <PageHead title={t("nav.groups")} text={t("groups.text")} actions={create} />
      <div className="mb-3">
        <Select aria-label={t("groups.kind")} value={search.kind ?? ""} onChange={(event) => set({ kind: oneOf(event.target.value, KINDS) })}>
          <option value="">{t("groups.any_kind")}</option>
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t(`groups.kind_${kind}`)}
            </option>
          ))}
        </Select>
      </div>
      <Panel flush>
        <DataTable
          label={t("nav.groups")}
          columns={columns}
          rows={data.items}
          rowId={(group) => group.key}
          sort={search.sort ?? "key"}
          onSort={(sort) => set({ sort: sort as GroupSearch["sort"] })}
          empty={
            search.kind ? (
              <Empty title={t("table.no_match")} text={t("table.no_match_text")} />
            ) : (
              <Empty title={t("groups.none")} text={t("groups.none_text")} action={create} />
            )
          }
        />
        {data.items.length > 0 && <Pager shown={data.items.length} {...pages} />}
      </Panel>
      <Suspense>{creating && <CreateGroup onClose={() => setCreating(false)} />}</Suspense>
    </>
  );
}
