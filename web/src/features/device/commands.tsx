// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "@/lib/i18n";
import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { More } from "@/components/ui/more";
import { Panel } from "@/components/ui/panel";
import { Empty, Problem, SkeletonRows } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { Code } from "@/components/ui/value";
import { useMay } from "@/features/session/queries";
import type { Schemas } from "@/lib/api/client";
import { inline, pretty } from "@/lib/data";
import { commandsQuery, useCancelCommand, type DeviceId } from "./queries";
import { SendCommand } from "./send-command";

type Command = Schemas["Command"];

const TONES: Record<Command["state"], Tone> = {
  queued: "plain",
  sent: "accent",
  succeeded: "good",
  failed: "bad",
  expired: "warn",
  canceled: "plain",
};

function Detail({ command }: { command: Command }) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-3 px-4 pb-3 md:grid-cols-2">
      <div>
        <p className="mb-1 text-xs text-ink-3">{t("commands.params")}</p>
        <Code text={pretty(command.params)} className="max-h-72" />
      </div>
      <div>
        <p className="mb-1 text-xs text-ink-3">
          {t("commands.answer")} {command.code !== null && `· ${t("commands.code", { code: command.code })}`}
        </p>
        <Code text={command.data === null || command.data === undefined ? "–" : pretty(command.data)} className="max-h-72" />
      </div>
      <p className="flex flex-wrap gap-x-4 text-xs text-ink-3 md:col-span-2">
        <span>
          {t("field.created")} <Time value={command.created_at} />
        </span>
        <span>
          {t("commands.sent_at")} <Time value={command.sent_at} />
        </span>
        <span>
          {t("commands.finished_at")} <Time value={command.finished_at} />
        </span>
        <span>
          {t("commands.expires_at")} <Time value={command.expires_at} />
        </span>
        <span>{t("commands.attempts", { count: command.attempts })}</span>
      </p>
    </div>
  );
}

function Item({ id, command }: { id: DeviceId; command: Command }) {
  const { t } = useTranslation();
  const may = useMay();
  const cancel = useCancelCommand(id);
  const active = command.state === "queued" || command.state === "sent";
  return (
    <li className="relative">
      <details>
        <summary className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 -outline-offset-2 hover:bg-sunk/60">
          <span className="w-20">
            <Badge tone={TONES[command.state]}>{t(`commands.state_${command.state}`)}</Badge>
          </span>
          <span className="font-medium">{command.name}</span>
          <span className="min-w-0 flex-1 truncate font-mono text-xs text-ink-3">{inline(command.params)}</span>
          <span className="text-xs text-ink-3">{t(`commands.source_${command.source}`)}</span>
          <span className={`text-xs text-ink-3 ${active ? "mr-20" : ""}`}>
            <Time value={command.created_at} age />
          </span>
        </summary>
        <Detail command={command} />
      </details>
      {active && may("commands:cancel") && (
        <Button small className="absolute top-1 right-4" busy={cancel.isPending} onClick={() => cancel.mutate(command.id)}>
          {t("action.cancel")}
        </Button>
      )}
    </li>
  );
}

export default function Commands({ id }: { id: DeviceId }) {
  const { t } = useTranslation();
  const may = useMay();
  const commands = useInfiniteQuery(commandsQuery(id));
  const items = commands.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={`grid items-start gap-3 ${may("commands:create") ? "xl:grid-cols-[24rem_1fr]" : ""}`}>
      {may("commands:create") && (
        <Panel title={t("commands.send")}>
          <SendCommand id={id} />
        </Panel>
      )}
      <Panel title={t("device.tab_commands")} flush>
        {commands.isPending && <SkeletonRows />}
        {commands.isError && !commands.data && <Problem error={commands.error} retry={() => void commands.refetch()} />}
        {commands.data && items.length === 0 && <Empty title={t("commands.none")} text={t("commands.none_text")} />}
        <ul className="divide-y">
          {items.map((command) => (
            <Item key={command.id} id={id} command={command} />
          ))}
        </ul>
        {commands.data && <More query={commands} />}
      </Panel>
    </div>
  );
}
