// SPDX-License-Identifier: Apache-2.0
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { DataTable, type Column } from "@/components/data-table";
import { Pager } from "@/components/data-table/pager";
import { SearchBox } from "@/components/data-table/search-box";
import { usePages } from "@/components/data-table/use-pages";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { PageHead, Panel } from "@/components/ui/panel";
import { Empty } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { useMay } from "@/features/session/queries";
import { productsQuery, type Product } from "./queries";
import type { ProductSearch } from "./search";

const CreateProduct = lazy(() => import("./create"));

function useColumns(): Column<Product>[] {
  const { t } = useTranslation();
  return [
    {
      id: "key",
      header: t("field.key"),
      sort: "key",
      cell: ({ key }) => (
        <Link to="/products/$product" params={{ product: key }} className="font-medium break-all text-accent-ink hover:underline">
          {key}
        </Link>
      ),
    },
    { id: "name", header: t("field.name"), sort: "name", cell: (product) => product.name },
    {
      id: "auth",
      header: t("settings.auth"),
      className: "hidden md:table-cell",
      cell: ({ settings }) => <Badge>{t(`settings.auth_${settings.auth ?? "device_key"}`)}</Badge>,
    },
    {
      id: "enabled",
      header: t("field.state"),
      className: "hidden sm:table-cell",
      cell: ({ enabled }) => <Badge tone={enabled ? "good" : "warn"}>{t(enabled ? "field.enabled" : "field.disabled")}</Badge>,
    },
    {
      id: "created_at",
      header: t("field.created"),
      sort: "created_at",
      className: "hidden lg:table-cell text-ink-2",
      cell: (product) => <Time value={product.created_at} />,
    },
  ];
}

export function Products({ search }: { search: ProductSearch }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate({ from: "/products/" });
  const { data } = useSuspenseQuery(productsQuery(search));
  const pages = usePages(search.cursor, data.next_cursor);
  const [creating, setCreating] = useState(false);
  const columns = useColumns();
  const set = (change: Partial<ProductSearch>) =>
    void navigate({ search: (before) => ({ ...before, cursor: undefined, ...change }), replace: true });
  const create = may("products:create") && (
    <Button kind="primary" onClick={() => setCreating(true)}>
      <Plus className="size-4" aria-hidden /> {t("products.create")}
    </Button>
  );
  return (
    <>
      <PageHead title={t("nav.products")} text={t("products.text")} actions={create} />
      <div className="mb-3">
        <SearchBox label={t("products.search")} value={search.q ?? ""} onChange={(q) => set({ q: q || undefined })} />
      </div>
      <Panel flush>
        <DataTable
          label={t("nav.products")}
          columns={columns}
          rows={data.items}
          rowId={(product) => product.key}
          sort={search.sort ?? "key"}
          onSort={(sort) => set({ sort: sort as never })}
          empty={
            search.q ? (
              <Empty title={t("table.no_match")} text={t("table.no_match_text")} />
            ) : (
              <Empty title={t("products.none")} text={t("products.none_text")} action={create} />
            )
          }
        />
        {data.items.length > 0 && <Pager shown={data.items.length} {...pages} />}
      </Panel>
      <Suspense>{creating && <CreateProduct onClose={() => setCreating(false)} />}</Suspense>
    </>
  );
}
