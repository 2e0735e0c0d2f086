// SPDX-License-Identifier: Apache-2.0
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
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
import { Time } from "@/components/ui/time";
import { useMay } from "@/features/session/queries";
import { flag } from "@/lib/search";
import { GrantBadges } from "./grant-badges";
import { accountsQuery, roleKeysQuery, type Account } from "./queries";
import type { AccountSearch } from "./search";

const CreateAccount = lazy(() => import("./create"));

function useColumns(): Column<Account>[] {
  const { t } = useTranslation();
  return [
    {
      id: "key",
      header: t("field.key"),
      sort: "key",
      cell: ({ key, enabled }) => (
        <span className="flex items-center gap-2">
          <Link to="/accounts/$account" params={{ account: key }} className="font-medium break-all text-accent-ink hover:underline">
            {key}
          </Link>
          {!enabled && <Badge tone="warn">{t("field.disabled")}</Badge>}
        </span>
      ),
    },
    { id: "name", header: t("field.name"), className: "hidden md:table-cell", cell: (account) => account.name },
    { id: "roles", header: t("accounts.roles"), cell: ({ roles }) => <GrantBadges grants={roles} /> },
    {
      id: "second_factor",
      header: t("accounts.second_factor"),
      className: "hidden lg:table-cell",
      cell: (account) => <Badge tone={account.second_factor ? "good" : "plain"}>{t(account.second_factor ? "accounts.on" : "accounts.off")}</Badge>,
    },
    {
      id: "signed_in_at",
      header: t("accounts.signed_in"),
      className: "hidden sm:table-cell text-ink-2",
      cell: (account) => <Time value={account.signed_in_at} age fallback={t("presence.never")} />,
    },
  ];
}

export function Accounts({ search }: { search: AccountSearch }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate({ from: "/accounts/" });
  const { data } = useSuspenseQuery(accountsQuery(search));
  const roles = useQuery({ ...roleKeysQuery, enabled: may("roles:read") });
  const pages = usePages(search.cursor, data.next_cursor);
  const columns = useColumns();
  const [creating, setCreating] = useState(false);
  const set = (change: { [K in keyof AccountSearch]?: AccountSearch[K] | undefined }) =>
    void navigate({ search: (before) => ({ ...before, cursor: undefined, ...change }) as AccountSearch, replace: true });
  return (
    <>
      <PageHead
        title={t("nav.accounts")}
        text={t("accounts.text")}
        actions={
          may("accounts:create") && (
            <Button kind="primary" onClick={() => setCreating(true)}>
              <Plus className="size-4" aria-hidden /> {t("accounts.create")}
            </Button>
          )
        }
      />
      <div className="mb-3 flex flex-wrap gap-2">
        <Select aria-label={t("accounts.role")} value={search.role ?? ""} onChange={(event) => set({ role: event.target.value || undefined })}>
          <option value="">{t("accounts.any_role")}</option>
          {roles.data?.map((role) => <option key={role}>{role}</option>)}
        </Select>
        <Select
          aria-label={t("field.state")}
          value={search.enabled === undefined ? "" : String(search.enabled)}
          onChange={(event) => set({ enabled: flag(event.target.value) })}
        >
          <option value="">{t("accounts.any_state")}</option>
          <option value="true">{t("field.enabled")}</option>
          <option value="false">{t("field.disabled")}</option>
        </Select>
      </div>
      <Panel flush>
        <DataTable
          label={t("nav.accounts")}
          columns={columns}
          rows={data.items}
          rowId={(account) => account.key}
          sort={search.sort ?? "key"}
          onSort={(sort) => set({ sort: sort as AccountSearch["sort"] })}
          empty={<Empty title={t("table.no_match")} text={t("table.no_match_text")} />}
        />
        {data.items.length > 0 && <Pager shown={data.items.length} {...pages} />}
      </Panel>
      <Suspense>{creating && <CreateAccount onClose={() => setCreating(false)} />}</Suspense>
    </>
  );
}
