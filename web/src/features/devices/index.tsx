// SPDX-License-Identifier: Apache-2.0
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { DataTable, type Column } from "@/components/data-table";
import { Pager } from "@/components/data-table/pager";
import { usePages } from "@/components/data-table/use-pages";
import { Badge, OnlineDot } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { PageHead, Panel } from "@/components/ui/panel";
import { Empty } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { useMay } from "@/features/session/queries";
import { DeviceFilters } from "./filters";
import { Many } from "./many";
import { devicesQuery, type Device } from "./queries";
import type { DeviceSearch } from "./search";

const CreateDevice = lazy(() => import("./create"));

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

function useColumns(): Column<Device>[] {
  const { t } = useTranslation();
  return [
    {
      id: "key",
      header: t("field.key"),
      sort: "key",
      cell: (device) => (
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
    },
    { id: "name", header: t("field.name"), sort: "name", className: "hidden sm:table-cell", cell: (device) => device.name },
    {
      id: "product",
      header: t("field.product"),
      className: "hidden md:table-cell",
      cell: ({ product }) => (
        <Link to="/products/$product" params={{ product }} className="text-ink-2 hover:underline">
          {product}
        </Link>
      ),
    },
    { id: "tags", header: t("field.tags"), className: "hidden lg:table-cell", cell: ({ tags }) => <Tags tags={tags} /> },
    { id: "online", header: t("devices.presence"), cell: ({ online }) => <OnlineDot online={online} /> },
    {
      id: "seen_at",
      header: t("presence.seen"),
      sort: "seen_at",
      className: "text-ink-2",
      cell: (device) => <Time value={device.seen_at} age fallback={t("presence.never")} />,
    },
  ];
}

export function Devices({ search }: { search: DeviceSearch }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate({ from: "/devices/" });
  const { data } = useSuspenseQuery(devicesQuery(search));
  const pages = usePages(search.cursor, data.next_cursor);
  const [creating, setCreating] = useState(false);
  const columns = useColumns();
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const bulk = may("jobs:act") || may("jobs:export");
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
      <PageHead title={t("nav.devices")} text={t("devices.text")}
        actions={
          <>
            {bulk && data.items.length > 0 && <Many search={search} chosen={chosen} onClear={() => setChosen(new Set())} />}
            {create}
          </>
        }
      />
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
          selection={bulk ? { chosen, onChange: setChosen } : undefined}
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
      <Suspense>{creating && <CreateDevice product={search.product} onClose={() => setCreating(false)} />}</Suspense>
    </>
  );
}
