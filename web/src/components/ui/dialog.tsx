// SPDX-License-Identifier: Apache-2.0
// On the browser's own <dialog>: it keeps the focus inside, closes by Escape and gives the focus back.
import { X } from "lucide-react";
import { useEffect, useId, useRef, type ReactNode } from "react";
import { useTranslation } from "@/lib/i18n";
import { IconButton } from "@/components/ui/button";
import { cx } from "@/lib/cx";

interface DialogProps {
  title: ReactNode;
  onClose: () => void;
  /** A sheet at the right edge, for looking at one thing of a list. */
  sheet?: boolean;
  wide?: boolean | undefined;
  footer?: ReactNode;
  children: ReactNode;
}

const BOX = "m-auto max-h-[calc(100dvh-2rem)] rounded-lg border";
const SHEET = "ml-auto mr-0 my-0 h-dvh max-h-dvh w-[min(46rem,100vw)] max-w-none border-l";

export function Dialog({ title, onClose, sheet, wide, footer, children }: DialogProps) {
  const { t } = useTranslation();
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = box.current;
    if (dialog && !dialog.open) dialog.showModal();
  }, []);
  return (
    <dialog
      ref={box}
      aria-labelledby={id}
      className={cx("bg-panel text-ink shadow-xl open:flex flex-col", sheet ? SHEET : BOX, !sheet && (wide ? "w-[min(46rem,calc(100vw-2rem))]" : "w-[min(30rem,calc(100vw-2rem))]"))}
      onClose={onClose}
      onMouseDown={(event) => event.target === box.current && box.current.close()}
    >
      <header className="flex items-center justify-between gap-4 border-b py-2 pr-2 pl-4">
        <h2 id={id} className="min-w-0 truncate font-semibold">
          {title}
        </h2>
        <IconButton label={t("action.close")} onClick={() => box.current?.close()}>
          <X className="size-4" aria-hidden />
        </IconButton>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto p-4">{children}</div>
      {footer && <footer className="flex flex-wrap justify-end gap-2 border-t px-4 py-3">{footer}</footer>}
    </dialog>
  );
}
