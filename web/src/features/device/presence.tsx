// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "@/lib/i18n";
import { OnlineDot } from "@/components/ui/badge";
import { More } from "@/components/ui/more";
import { Panel } from "@/components/ui/panel";
import { Empty, Problem, SkeletonRows } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import type { Schemas } from "@/lib/api/client";
import { presenceQuery, type DeviceId } from "./queries";

function Now({ presence }: { presence: Schemas["Presence"] }) {
  const { t } = useTranslation();
  const rows: [string, ReactNode][] = [
    [t("field.state"), <OnlineDot key="state" online={presence.online} />],
    [t("presence.address"), presence.address ?? "–"],
    [t("presence.node"), presence.node ?? "–"],
    [t("presence.connected_at"), <Time key="on" value={presence.connected_at} />],
    [t("presence.disconnected_at"), <Time key="off" value={presence.disconnected_at} />],
    [t("presence.seen"), <Time key="seen" value={presence.seen_at} />],
  ];
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
      {rows.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-ink-3">{label}</dt>
          <dd className="break-all">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export default function Presence({ id }: { id: DeviceId }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(presenceQuery(id));
  if (query.isPending) return <SkeletonRows />;
  if (query.isError) return <Problem error={query.error} retry={() => void query.refetch()} />;
  const items = query.data.pages.flatMap((page) => page.items);
  const first = query.data.pages[0];
  return (
    <div className="grid items-start gap-3 xl:grid-cols-[22rem_1fr]">
      <Panel title={t("presence.now")}>{first && <Now presence={first} />}</Panel>
      <Panel title={t("presence.history")} flush>
        {items.length === 0 && <Empty title={t("presence.none")} />}
        <ul className="divide-y">
          {items.map((item, i) => (
            <li key={`${item.time} ${i}`} className="flex flex-wrap items-center gap-x-4 px-4 py-2">
              <span className="w-24">
                <OnlineDot online={item.event === "connected"} />
              </span>
              <span className="text-ink-2">
                <Time value={item.time} />
              </span>
              <span className="font-mono text-xs break-all text-ink-3">{item.address}</span>
              <span className="ml-auto text-xs break-all text-ink-3">
                {item.reason || t("presence.node_n", { n: item.node })}
              </span>
            </li>
          ))}
        </ul>
        <More query={query} />
      </Panel>
    </div>
  );
}
