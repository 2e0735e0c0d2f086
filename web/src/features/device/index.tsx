// SPDX-License-Identifier: Apache-2.0
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { Badge, OnlineDot } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { PageHead } from "@/components/ui/panel";
import { Time } from "@/components/ui/time";
import { useMay } from "@/features/session/queries";
import { Commands } from "./commands";
import { DeleteDevice } from "./delete";
import { EditDevice } from "./edit";
import { Events } from "./events";
import { Presence } from "./presence";
import { deviceQuery, TABS, type DeviceId, type DevicePageSearch } from "./queries";
import { Shadow } from "./shadow";
import { Values } from "./values";

function Tabs({ id, current }: { id: DeviceId; current: string }) {
  const { t } = useTranslation();
  return (
    <nav className="mb-4 flex gap-1 overflow-x-auto border-b" aria-label={t("device.tabs")}>
      {TABS.map((tab) => (
        <Link
          key={tab}
          to="/devices/$product/$device"
          params={id}
          search={tab === "values" ? {} : { tab }}
          replace
          aria-current={tab === current ? "page" : undefined}
          className={`-mb-px border-b-2 px-3 py-2 whitespace-nowrap -outline-offset-2 ${
            tab === current ? "border-accent font-medium text-ink" : "border-transparent text-ink-2 hover:text-ink"
          }`}
        >
          {t(`device.tab_${tab}`)}
        </Link>
      ))}
    </nav>
  );
}

export function DevicePage({ id, search }: { id: DeviceId; search: DevicePageSearch }) {
  const { t } = useTranslation();
  const may = useMay();
  const { data } = useSuspenseQuery(deviceQuery(id));
  const [dialog, setDialog] = useState<"edit" | "delete" | null>(null);
  const device = data.data;
  const tab = search.tab ?? "values";
  return (
    <>
      <PageHead
        title={
          <>
            {device.name || device.key}
            <span className="text-sm font-normal">
              <OnlineDot online={device.online} />
            </span>
            {!device.enabled && <Badge tone="warn">{t("field.disabled")}</Badge>}
          </>
        }
        text={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Link to="/products/$product" params={{ product: id.product }} className="hover:underline">
              {id.product}
            </Link>
            <span className="font-mono text-xs break-all select-all">{device.key}</span>
            <span>
              {t("devices.seen")} <Time value={device.seen_at} age fallback={t("devices.never")} />
            </span>
            {device.tags.map((tag) => (
              <Link key={tag} to="/devices" search={{ tag }}>
                <Badge>{tag}</Badge>
              </Link>
            ))}
          </span>
        }
        actions={
          <>
            {may("devices:update") && (
              <Button onClick={() => setDialog("edit")}>
                <Pencil className="size-3.5" aria-hidden /> {t("action.edit")}
              </Button>
            )}
            {may("devices:delete") && (
              <Button kind="danger" onClick={() => setDialog("delete")}>
                <Trash2 className="size-3.5" aria-hidden /> {t("action.delete")}
              </Button>
            )}
          </>
        }
      />
      <Tabs id={id} current={tab} />
      {tab === "values" && <Values id={id} search={search} />}
      {tab === "events" && <Events id={id} type={search.type} />}
      {tab === "connection" && <Presence id={id} />}
      {tab === "shadow" && <Shadow id={id} />}
      {tab === "commands" && <Commands id={id} />}
      {dialog === "edit" && <EditDevice id={id} device={device} etag={data.etag} onClose={() => setDialog(null)} />}
      {dialog === "delete" && <DeleteDevice id={id} onClose={() => setDialog(null)} />}
    </>
  );
}
