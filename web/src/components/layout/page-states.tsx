// SPDX-License-Identifier: Apache-2.0
import { Link, useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { useTranslation } from "@/lib/i18n";
import { buttonClass } from "@/components/ui/button";
import { Empty, Problem, Skeleton, SkeletonRows } from "@/components/ui/states";

export function PagePending() {
  return (
    <div>
      <Skeleton className="mb-5 h-6 w-44" />
      <div className="rounded-lg border bg-panel">
        <SkeletonRows />
      </div>
    </div>
  );
}

export function PageProblem({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <Problem
      error={error}
      retry={() => {
        reset();
        void router.invalidate();
      }}
    />
  );
}

export function PageMissing() {
  const { t } = useTranslation();
  return (
    <Empty
      title={t("state.no_page")}
      text={t("state.no_page_text")}
      action={
        <Link to="/" className={buttonClass()}>
          {t("nav.overview")}
        </Link>
      }
    />
  );
}
