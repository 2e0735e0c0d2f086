// SPDX-License-Identifier: Apache-2.0
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { columnsFor, DataTable } from "@/components/data-table";
import { Pager } from "@/components/data-table/pager";
import { usePages } from "@/components/data-table/use-pages";
import { Badge, OnlineDot } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { PageHead, Panel } from "@/components/ui/panel";
import { Empty } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { useMay } from "@/features/session/queries";
import { CreateDevice } from "./create";
import { DeviceFilters } from "./filters";
import { devicesQuery, type Device, type DeviceSearch } from "./queries";

const column = columnsFor<Device>();

function Tags({ tags }: { tags: string[] }) {
  return (
    <span className="flex flex-wrap gap-1">
      {tags.slice(0, 3).map((tag) => (
        <Badge key={tag}>{tag}</Badge>
      ))}
      {tags.length > 3 && <span className="text-xs text-ink-3">+{tags.length - 3}</span>}
    </span>
  );
}

function useColumns() {
  const { t } = useTranslation();
  return useMemo(
    () =>
      column.columns([
        column.accessor("key", {
          header: t("field.key"),
          meta: { sort: "key" },
          cell: ({ row: { original: device } }) => (
            <span className="flex items-center gap-2">
              <Link
                to="/devices/$product/$device"
                params={{ product: device.product, device: device.key }}
                className="font-medium break-all text-accent-ink hover:underline"
              >
                {device.key}
              </Link>
              {!device.enabled && <Badge tone="warn">{t("field.disabled")}</Badge>}
            </span>
          ),
        }),
        column.accessor("name", { header: t("field.name"), meta: { sort: "name", className: "hidden sm:table-cell" } }),
        column.accessor("product", {
          header: t("field.product"),
          meta: { className: "hidden md:table-cell" },
          cell: ({ getValue }) => (
            <Link to="/products/$product" params={{ product: getValue() }} className="text-ink-2 hover:underline">
              {getValue()}
            </Link>
          ),
        }),
        column.accessor("tags", {
          header: t("field.tags"),
          meta: { className: "hidden lg:table-cell" },
          cell: ({ getValue }) => <Tags tags={getValue()} />,
        }),
        column.accessor("online", { header: t("devices.presence"), cell: ({ getValue }) => <OnlineDot online={getValue()} /> }),
        column.accessor("seen_at", {
          header: t("devices.seen"),
          meta: { sort: "seen_at", className: "text-ink-2" },
          cell: ({ getValue }) => <Time value={getValue()} age fallback={t("devices.never")} />,
        }),
      ]),
    [t],
  );
}

export function Devices({ search }: { search: DeviceSearch }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate({ from: "/devices/" });
  const { data } = useSuspenseQuery(devicesQuery(search));
  const pages = usePages(search.cursor, data.next_cursor);
  const [creating, setCreating] = useState(false);
  const columns = useColumns();
  const filtered = Object.keys(search).some((name) => name !== "sort" && name !== "cursor");
  const set = (change: object) =>
    void navigate({ search: (before) => ({ ...before, cursor: undefined, ...change }), replace: true });
  const create = may("devices:create") && (
    <Button kind="primary" onClick={() => setCreating(true)}>
      <Plus className="size-4" aria-hidden /> {t("devices.create")}
    </Button>
  );
  return (
    <>
      <PageHead title={t("nav.devices")} text={t("devices.text")} actions={create} />
      <DeviceFilters
        search={search}
        onChange={set}
        onClear={filtered ? () => void navigate({ search: search.sort ? { sort: search.sort } : {} }) : null}
      />
      <Panel flush>
        <DataTable
          label={t("nav.devices")}
          columns={columns}
          rows={data.items}
          rowId={(device) => device.key}
          sort={search.sort ?? "key"}
          onSort={(sort) => set({ sort })}
          empty={
            filtered ? (
              <Empty title={t("table.no_match")} text={t("table.no_match_text")} />
            ) : (
              <Empty title={t("devices.none")} text={t("devices.none_text")} action={create} />
            )
          }
        />
        {data.items.length > 0 && <Pager shown={data.items.length} {...pages} />}
      </Panel>
      {creating && <CreateDevice product={search.product} onClose={() => setCreating(false)} />}
    </>
  );
}
