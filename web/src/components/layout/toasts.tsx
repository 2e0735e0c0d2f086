// SPDX-License-Identifier: Apache-2.0
import { X } from "lucide-react";
import { useTranslation } from "@/lib/i18n";
import { IconButton } from "@/components/ui/button";
import { ProblemCode } from "@/components/ui/states";
import { cx } from "@/lib/cx";
import { toast, useToasts } from "@/lib/toast";

export function Toasts() {
  const { t } = useTranslation();
  const toasts = useToasts();
  return (
    <div aria-live="polite" className="fixed right-3 bottom-3 z-50 flex w-[min(24rem,calc(100vw-1.5rem))] flex-col gap-2">
      {toasts.map((one) => (
        <div
          key={one.id}
          role={one.error ? "alert" : "status"}
          className={cx("flex items-start gap-2 rounded-lg border bg-panel py-1.5 pr-1.5 pl-3 shadow-lg", one.error && "border-bad/40")}
        >
          <div className="min-w-0 flex-1 py-1.5">
            <p className={cx("break-words", one.error && "text-bad")}>{one.text}</p>
            {one.error && <ProblemCode error={one.error} />}
          </div>
          <IconButton label={t("action.close")} onClick={() => toast.close(one.id)}>
            <X className="size-4" aria-hidden />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
