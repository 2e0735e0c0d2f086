// SPDX-License-Identifier: Apache-2.0
import { CircleCheck, CircleX, TriangleAlert } from "lucide-react";
import { useTranslation } from "@/lib/i18n";
import { formatBytes } from "@/lib/data";
import type { Checked } from "./queries";

function Mark({ good }: { good: boolean }) {
  return good ? (
    <CircleCheck className="mt-0.5 size-4 shrink-0 text-good" aria-hidden />
  ) : (
    <CircleX className="mt-0.5 size-4 shrink-0 text-bad" aria-hidden />
  );
}

export function Position({ error }: { error: NonNullable<Checked["error"]> }) {
  const at = [error.where, error.line > 0 ? error.line : null, error.column > 0 ? error.column : null].filter((part) => part !== null);
  return <span className="font-mono text-xs text-ink-3">{at.join(":")}</span>;
}

/** stale: the answer is about an older text. */
export function CheckResult({ checked, stale }: { checked: Checked; stale: boolean }) {
  const { t } = useTranslation();
  const { error, tests, ok, cpu_us, memory } = checked;
  return (
    <div className={stale ? "opacity-60" : ""} aria-busy={stale}>
      <p className="flex items-start gap-2 px-4 py-2.5 font-medium" role="status">
        <Mark good={ok} />
        {t(ok ? "scripts.good" : "scripts.bad")}
        <span className="ml-auto text-xs font-normal text-ink-3 tabular-nums">
          {t("scripts.cost", { ms: (cpu_us / 1000).toFixed(1), memory: formatBytes(memory) })}
        </span>
      </p>
      {error && (
        <p className="border-t px-4 py-2 break-words text-bad">
          <Position error={error} /> {error.message}
        </p>
      )}
      {checked.warnings.length > 0 && (
        <ul className="divide-y border-t" aria-label={t("scripts.warnings")}>
          {checked.warnings.map((warning, i) => (
            <li key={i} className="flex items-start gap-2 px-4 py-1.5">
              <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warn" aria-hidden />
              <span className="min-w-0 break-words">
                <span className="sr-only">{t("scripts.warning")}: </span>
                <span className="font-mono text-xs text-ink-3">
                  {warning.line}:{warning.column}
                </span>{" "}
                {warning.message}
              </span>
            </li>
          ))}
        </ul>
      )}
      {tests.length > 0 && (
        <ul className="divide-y border-t" aria-label={t("scripts.tests")}>
          {tests.map((test, i) => (
            <li key={i} className="flex items-start gap-2 px-4 py-1.5">
              <Mark good={test.passed} />
              <span className="min-w-0 break-words">
                <span className="sr-only">{t(test.passed ? "scripts.passed" : "scripts.failed")}: </span>
                {test.name}
                {test.message && <span className="block text-bad">{test.message}</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
      {checked.loaded && tests.length === 0 && <p className="border-t px-4 py-2 text-ink-3">{t("scripts.no_tests")}</p>}
    </div>
  );
}
