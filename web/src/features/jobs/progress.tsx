// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from "@/lib/i18n";
import { Badge, type Tone } from "@/components/ui/badge";
import type { Job } from "./queries";

const TONES: Record<Job["state"], Tone> = { queued: "plain", running: "accent", done: "good", failed: "bad", canceled: "warn" };

export function JobState({ job }: { job: Job }) {
  const { t } = useTranslation();
  return (
    <span className="flex flex-wrap items-center gap-1.5">
      <Badge tone={TONES[job.state]}>{t(`jobs.state_${job.state}`)}</Badge>
      {job.canceling && job.state === "running" && <Badge tone="warn">{t("jobs.canceling")}</Badge>}
      {job.params.dry_run === true && <Badge>{t("jobs.dry_run")}</Badge>}
    </span>
  );
}

export function Progress({ job }: { job: Job }) {
  const { t, locale } = useTranslation();
  const number = new Intl.NumberFormat(locale);
  const share = job.total ? Math.min(1, job.done / job.total) : job.state === "done" ? 1 : 0;
  return (
    <div className="min-w-32">
      <div
        role="progressbar"
        aria-label={t("jobs.progress")}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        className="h-1.5 overflow-hidden rounded-full bg-sunk"
      >
        <div className={`h-full ${job.state === "failed" ? "bg-bad" : "bg-accent"}`} style={{ width: `${share * 100}%` }} />
      </div>
      <p className="mt-1 text-xs text-ink-3 tabular-nums">
        {t("jobs.of", { done: number.format(job.done), total: job.total === null ? "?" : number.format(job.total) })}
        {job.failed > 0 && <span className="text-bad"> · {t("jobs.failed_n", { n: number.format(job.failed) })}</span>}
      </p>
    </div>
  );
}
