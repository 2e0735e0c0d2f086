// SPDX-License-Identifier: Apache-2.0
// How the version in force does.
import { useTranslation } from "@/lib/i18n";
import { Badge } from "@/components/ui/badge";
import type { ScriptState } from "./queries";

export function Health({ state }: { state: Pick<ScriptState, "runs" | "errors"> }) {
  const { t, locale } = useTranslation();
  const number = new Intl.NumberFormat(locale);
  return (
    <span className="flex flex-wrap items-center gap-2 tabular-nums">
      <span className="whitespace-nowrap text-ink-2">{t("scripts.runs_n", { n: number.format(state.runs) })}</span>
      {state.errors > 0 && <Badge tone="bad">{t("scripts.errors_n", { n: number.format(state.errors) })}</Badge>}
    </span>
  );
}
