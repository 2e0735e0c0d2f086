// SPDX-License-Identifier: Apache-2.0
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Plus, Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { DataTable, type Column } from "@/components/data-table";
import { Pager } from "@/components/data-table/pager";
import { usePages } from "@/components/data-table/use-pages";
import { Badge } from "@/components/ui/badge";
import { Button, IconButton } from "@/components/ui/button";
import { PageHead, Panel } from "@/components/ui/panel";
import { Empty } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { useMay } from "@/features/session/queries";
import { useNow } from "@/lib/now";
import { tokensQuery, type Token } from "./queries";
import type { TokenSearch } from "./search";

const CreateToken = lazy(() => import("./create"));
const RevokeToken = lazy(() => import("./revoke"));

function Expiry({ token }: { token: Token }) {
  const { t } = useTranslation();
  const now = useNow();
  if (!token.expires_at) return <span className="text-ink-3">{t("tokens.no_end")}</span>;
  if (Date.parse(token.expires_at) < now) return <Badge tone="warn">{t("tokens.expired")}</Badge>;
  return <Time value={token.expires_at} age />;
}

function useColumns(revoke: ((token: Token) => void) | null): Column<Token>[] {
  const { t } = useTranslation();
  const columns: Column<Token>[] = [
    { id: "name", header: t("field.name"), sort: "name", cell: (token) => <span className="font-medium break-all">{token.name}</span> },
    { id: "role", header: t("tokens.role"), cell: ({ role }) => <Badge tone={role === "admin" ? "accent" : "plain"}>{role}</Badge> },
    {
      id: "products",
      header: t("nav.products"),
      className: "hidden md:table-cell",
      cell: ({ products }) =>
        products ? <span className="break-all">{products.join(", ")}</span> : <span className="text-ink-3">{t("tokens.all_products")}</span>,
    },
    { id: "expires_at", header: t("tokens.expires"), className: "text-ink-2", cell: (token) => <Expiry token={token} /> },
    {
      id: "used_at",
      header: t("tokens.used"),
      className: "hidden sm:table-cell text-ink-2",
      cell: (token) => <Time value={token.used_at} age fallback={t("presence.never")} />,
    },
    {
      id: "created_at",
      header: t("field.created"),
      sort: "created_at",
      className: "hidden lg:table-cell text-ink-2",
      cell: (token) => (
        <>
          <Time value={token.created_at} /> · {token.created_by}
        </>
      ),
    },
  ];
  if (!revoke) return columns;
  return [
    ...columns,
    {
      id: "revoke",
      header: <span className="sr-only">{t("tokens.revoke")}</span>,
      className: "w-px",
      cell: (token) => (
        <IconButton label={t("tokens.revoke_name", { name: token.name })} onClick={() => revoke(token)}>
          <Trash2 className="size-4" aria-hidden />
        </IconButton>
      ),
    },
  ];
}

export function Tokens({ search }: { search: TokenSearch }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate({ from: "/tokens/" });
  const { data } = useSuspenseQuery(tokensQuery(search));
  const pages = usePages(search.cursor, data.next_cursor);
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const columns = useColumns(may("tokens:delete") ? setRevoking : null);
  const create = may("tokens:create") && (
    <Button kind="primary" onClick={() => setCreating(true)}>
      <Plus className="size-4" aria-hidden /> {t("tokens.create")}
    </Button>
  );
  return (
    <>
      <PageHead title={t("nav.tokens")} text={t("tokens.text")} actions={create} />
      <Panel flush>
        <DataTable
          label={t("nav.tokens")}
          columns={columns}
          rows={data.items}
          rowId={(token) => String(token.id)}
          sort={search.sort ?? "-created_at"}
          onSort={(sort) => void navigate({ search: { ...search, sort: sort as never, cursor: undefined } as TokenSearch, replace: true })}
          empty={<Empty title={t("tokens.none")} text={t("tokens.none_text")} action={create} />}
        />
        {data.items.length > 0 && <Pager shown={data.items.length} {...pages} />}
      </Panel>
      <Suspense>
        {creating && <CreateToken onClose={() => setCreating(false)} />}
        {revoking && <RevokeToken token={revoking} onClose={() => setRevoking(null)} />}
      </Suspense>
    </>
  );
}
