// SPDX-License-Identifier: Apache-2.0
// What the script logs, as it does.
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { Select } from "@/components/ui/form";
import { Panel } from "@/components/ui/panel";
import { Empty, Problem, SkeletonRows } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { oneOf } from "@/lib/search";
import { logQuery, type LogLine } from "./queries";
import { LEVELS, type ScriptPageSearch } from "./search";

const LOOK: Record<LogLine["level"], string> = { debug: "text-ink-3", info: "text-ink", warn: "text-warn", error: "text-bad" };

function Lines({ lines, follow }: { lines: LogLine[]; follow: boolean }) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (follow) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [lines, follow]);
  return (
    <div ref={box} tabIndex={0} role="log" aria-label={t("scripts.tab_log")} className="max-h-[32rem] overflow-auto px-4 py-2 font-mono text-xs leading-5">
      {lines.map((line) => (
        <p key={line.seq} className={`break-words whitespace-pre-wrap ${LOOK[line.level]}`}>
          <span className="text-ink-3">
            <Time value={line.time} /> {t("scripts.version_n", { n: line.version })} {line.device ?? ""}
          </span>{" "}
          <span className="sr-only">{line.level}: </span>
          {line.text}
        </p>
      ))}
    </div>
  );
}

export default function Log({ product, search }: { product: string; search: ScriptPageSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/scripts/$product" });
  const [follow, setFollow] = useState(true);
  const log = useQuery(logQuery(product, search.level, search.device));
  const set = (change: object) => void navigate({ search: (before) => ({ ...before, ...change }) as ScriptPageSearch, replace: true });
  return (
    <Panel
      title={t("scripts.tab_log")}
      flush
      actions={
        <>
          <label className="flex items-center gap-1.5 text-ink-2">
            <input type="checkbox" className="size-3.5 accent-accent" checked={follow} onChange={(event) => setFollow(event.target.checked)} />
            {t("scripts.log_follow")}
          </label>
          <input
            key={search.device ?? ""}
            aria-label={t("scripts.log_device")}
            placeholder={t("scripts.log_device")}
            defaultValue={search.device ?? ""}
            maxLength={128}
            className="field w-36"
            onBlur={(event) => set({ device: event.target.value.trim() || undefined })}
            onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
          />
          <Select aria-label={t("scripts.log_level")} value={search.level ?? "debug"} onChange={(event) => set({ level: oneOf(event.target.value, LEVELS) })}>
            {LEVELS.map((level) => (
              <option key={level} value={level}>
                {t(`scripts.level_${level}`)}
              </option>
            ))}
          </Select>
        </>
      }
    >
      {log.isPending && <SkeletonRows />}
      {log.isError && !log.data && <Problem error={log.error} retry={() => void log.refetch()} compact />}
      {log.data &&
        (log.data.items.length === 0 ? (
          <Empty title={t("scripts.log_none")} text={t("scripts.log_none_text")} />
        ) : (
          <Lines lines={log.data.items} follow={follow} />
        ))}
    </Panel>
  );
}
