// SPDX-License-Identifier: Apache-2.0
// What is shown in place of data: nothing there, still coming, went wrong.
import { Inbox, RotateCw, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";
import { cx } from "@/lib/cx";
import { toApiError } from "@/lib/errors";

export function Empty({ title, text, action }: { title: string; text?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-1 px-6 py-12 text-center">
      <Inbox className="mb-2 size-7 text-ink-3" strokeWidth={1.4} aria-hidden />
      <p className="font-medium">{title}</p>
      {text && <p className="max-w-md text-ink-2">{text}</p>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}

export function Skeleton({ className }: { className?: string }) {
  return <div className={cx("animate-pulse rounded bg-sunk", className)} />;
}

export function SkeletonRows({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <div className="divide-y" role="status" aria-label={t("state.loading")}>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className="flex h-10 items-center gap-6 px-4">
          <Skeleton className="h-3 w-32" />
          <Skeleton className="h-3 w-48 max-w-[40%]" />
          <Skeleton className="ml-auto h-3 w-20" />
        </div>
      ))}
    </div>
  );
}

export function ProblemCode({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const problem = toApiError(error);
  return (
    <p className="font-mono text-2xs text-ink-3 select-all">
      {problem.code}
      {problem.requestId && ` · ${t("state.request")} ${problem.requestId}`}
    </p>
  );
}

export function Problem({ error, retry, compact }: { error: unknown; retry?: () => void; compact?: boolean }) {
  const { t } = useTranslation();
  const problem = toApiError(error);
  const known = t(`problems.${problem.code}`, { defaultValue: problem.title });
  return (
    <div role="alert" className={cx("flex flex-col items-center gap-1 px-6 text-center", compact ? "py-6" : "py-12")}>
      <TriangleAlert className="mb-2 size-7 text-bad" strokeWidth={1.4} aria-hidden />
      <p className="font-medium">{known}</p>
      {problem.detail && problem.detail !== known && <p className="max-w-xl text-ink-2">{problem.detail}</p>}
      <ProblemCode error={problem} />
      {retry && (
        <Button small className="mt-3" onClick={retry}>
          <RotateCw className="size-3.5" aria-hidden /> {t("state.retry")}
        </Button>
      )}
    </div>
  );
}

/** Above the buttons of a form. */
export function FormProblem({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!error) return null;
  const problem = toApiError(error);
  const known = t(`problems.${problem.code}`, { defaultValue: problem.title });
  return (
    <div role="alert" className="rounded-md border border-bad/30 bg-bad-soft px-3 py-2 text-bad">
      <p>{problem.detail ?? known}</p>
      <ProblemCode error={problem} />
    </div>
  );
}
