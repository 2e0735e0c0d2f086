// SPDX-License-Identifier: Apache-2.0
import { ChevronFirst, ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";

interface PagerProps {
  shown: number;
  page: number;
  onFirst: (() => void) | null;
  onBack: (() => void) | null;
  onNext: (() => void) | null;
}

/** Pages by cursor: they can be walked, not jumped to. */
export function Pager({ shown, page, onFirst, onBack, onNext }: PagerProps) {
  const { t } = useTranslation();
  if (!onFirst && !onBack && !onNext) {
    return <p className="border-t px-4 py-2 text-xs text-ink-3">{t("table.all_shown", { count: shown })}</p>;
  }
  return (
    <nav className="flex items-center justify-between gap-4 border-t px-4 py-2" aria-label={t("table.pages")}>
      <p className="text-xs text-ink-3">{t("table.page", { page, count: shown })}</p>
      <div className="flex gap-1">
        <Button small kind="quiet" disabled={!onFirst} onClick={() => onFirst?.()} aria-label={t("table.first")}>
          <ChevronFirst className="size-4" aria-hidden />
        </Button>
        <Button small disabled={!onBack} onClick={() => onBack?.()}>
          <ChevronLeft className="size-3.5" aria-hidden /> {t("table.back")}
        </Button>
        <Button small disabled={!onNext} onClick={() => onNext?.()}>
          {t("table.next")} <ChevronRight className="size-3.5" aria-hidden />
        </Button>
      </div>
    </nav>
  );
}
