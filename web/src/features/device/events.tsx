// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "@/lib/i18n";
import { SearchBox } from "@/components/data-table/search-box";
import { Badge } from "@/components/ui/badge";
import { More } from "@/components/ui/more";
import { Panel } from "@/components/ui/panel";
import { Empty, Problem, SkeletonRows } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { Code } from "@/components/ui/value";
import { inline, pretty } from "@/lib/data";
import { eventsQuery, type DeviceId } from "./queries";

function List({ id, type }: { id: DeviceId; type: string | undefined }) {
  const { t } = useTranslation();
  const events = useInfiniteQuery(eventsQuery(id, type));
  if (events.isPending) return <SkeletonRows />;
  if (events.isError) return <Problem error={events.error} retry={() => void events.refetch()} />;
  const items = events.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <Empty title={t("device.no_events")} text={t("device.no_events_text")} />;
  return (
    <>
      <ul className="divide-y">
        {items.map((event, i) => (
          <li key={`${event.time} ${i}`}>
            <details className="group">
              <summary className="flex items-center gap-3 px-4 py-2 -outline-offset-2 hover:bg-sunk/60">
                <span className="text-ink-2">
                  <Time value={event.time} />
                </span>
                <Badge tone="accent">{event.type}</Badge>
                <span className="min-w-0 flex-1 truncate font-mono text-xs text-ink-3 group-open:invisible">
                  {inline(event.params)}
                </span>
              </summary>
              <div className="px-4 pb-3">
                <Code text={pretty(event.params)} className="max-h-96" />
                <p className="mt-1 text-xs text-ink-3">
                  {t("device.received")} <Time value={event.received_at} />
                </p>
              </div>
            </details>
          </li>
        ))}
      </ul>
      <More query={events} />
    </>
  );
}

export default function Events({ id, type }: { id: DeviceId; type: string | undefined }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/devices/$product/$device" });
  return (
    <>
      <div className="mb-3">
        <SearchBox
          label={t("device.event_type")}
          value={type ?? ""}
          onChange={(value) =>
            void navigate({ search: (before) => ({ ...before, type: value || undefined }) as never, replace: true })
          }
        />
      </div>
      <Panel flush>
        <List id={id} type={type} />
      </Panel>
    </>
  );
}
