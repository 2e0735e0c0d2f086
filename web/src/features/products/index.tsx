// SPDX-License-Identifier: Apache-2.0
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { columnsFor, DataTable } from "@/components/data-table";
import { Pager } from "@/components/data-table/pager";
import { SearchBox } from "@/components/data-table/search-box";
import { usePages } from "@/components/data-table/use-pages";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { PageHead, Panel } from "@/components/ui/panel";
import { Empty } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { useMay } from "@/features/session/queries";
import { CreateProduct } from "./create";
import { productsQuery, type Product, type ProductSearch } from "./queries";

const column = columnsFor<Product>();

function useColumns() {
  const { t } = useTranslation();
  return useMemo(
    () =>
      column.columns([
        column.accessor("key", {
          header: t("field.key"),
          meta: { sort: "key" },
          cell: ({ getValue }) => (
            <Link
              to="/products/$product"
              params={{ product: getValue() }}
              className="font-medium break-all text-accent-ink hover:underline"
            >
              {getValue()}
            </Link>
          ),
        }),
        column.accessor("name", { header: t("field.name"), meta: { sort: "name" } }),
        column.accessor("settings.auth", {
          header: t("settings.auth"),
          meta: { className: "hidden md:table-cell" },
          cell: ({ getValue }) => <Badge>{t(`settings.auth_${getValue() ?? "device_key"}`)}</Badge>,
        }),
        column.accessor("enabled", {
          header: t("field.state"),
          meta: { className: "hidden sm:table-cell" },
          cell: ({ getValue }) => (
            <Badge tone={getValue() ? "good" : "warn"}>{t(getValue() ? "field.enabled" : "field.disabled")}</Badge>
          ),
        }),
        column.accessor("created_at", {
          header: t("field.created"),
          meta: { sort: "created_at", className: "hidden lg:table-cell text-ink-2" },
          cell: ({ getValue }) => <Time value={getValue()} />,
        }),
      ]),
    [t],
  );
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
      {creating && <CreateProduct onClose={() => setCreating(false)} />}
    </>
  );
}
