// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";
import { useTranslation } from "@/lib/i18n";
import { cx } from "@/lib/cx";

export type Tone = "plain" | "good" | "warn" | "bad" | "accent";

const LOOK: Record<Tone, string> = {
  plain: "bg-sunk text-ink-2",
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  accent: "bg-accent-soft text-accent-ink",
};

export function Badge({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={cx("inline-flex max-w-full items-center rounded px-1.5 text-xs leading-5 font-medium", LOOK[tone])}>
      <span className="truncate">{children}</span>
    </span>
  );
}

export function OnlineDot({ online }: { online: boolean }) {
  const { t } = useTranslation();
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <span className={cx("size-2 rounded-full", online ? "bg-good" : "border border-ink-3")} aria-hidden />
      <span className={online ? "text-ink" : "text-ink-3"}>{t(online ? "presence.online" : "presence.offline")}</span>
    </span>
  );
}
