// SPDX-License-Identifier: Apache-2.0
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Pencil, Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation, withTexts } from "@/lib/i18n";
import { Badge, OnlineDot } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { PageHead } from "@/components/ui/panel";
import { SkeletonRows } from "@/components/ui/states";
import { Tabs } from "@/components/ui/tabs";
import { Time } from "@/components/ui/time";
import { useMay } from "@/features/session/queries";
import { deviceQuery, type DeviceId } from "./queries";
import { TABS, type DevicePageSearch } from "./search";
import { Values } from "./values";

const Commands = lazy(withTexts(["commands"], () => import("./commands")));
const DeleteDevice = lazy(() => import("./delete"));
const EditDevice = lazy(withTexts(["devices"], () => import("./edit")));
const Events = lazy(() => import("./events"));
const Presence = lazy(withTexts(["connection"], () => import("./presence")));
const Shadow = lazy(withTexts(["shadow"], () => import("./shadow")));

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
              {t("presence.seen")} <Time value={device.seen_at} age fallback={t("presence.never")} />
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
      <Tabs label={t("device.tabs")} current={tab} tabs={TABS.map((value) => ({ value, label: t(`device.tab_${value}`) }))} />
      {tab === "values" && <Values id={id} search={search} />}
      <Suspense fallback={<SkeletonRows />}>
        {tab === "events" && <Events id={id} type={search.type} />}
        {tab === "connection" && <Presence id={id} />}
        {tab === "shadow" && <Shadow id={id} />}
        {tab === "commands" && <Commands id={id} />}
      </Suspense>
      <Suspense>
        {dialog === "edit" && <EditDevice id={id} device={device} etag={data.etag} onClose={() => setDialog(null)} />}
        {dialog === "delete" && <DeleteDevice id={id} onClose={() => setDialog(null)} />}
      </Suspense>
    </>
  );
}
