// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";
import { cx } from "@/lib/cx";

interface PanelProps {
  title?: ReactNode;
  actions?: ReactNode;
  className?: string;
  /** Tables and lists go up to the panel's edge. */
  flush?: boolean;
  children: ReactNode;
}

export function Panel({ title, actions, className, flush, children }: PanelProps) {
  return (
    <section className={cx("overflow-hidden rounded-lg border bg-panel", className)}>
      {(title || actions) && (
        <header className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b px-4 py-1.5">
          <h2 className="font-semibold">{title}</h2>
          {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </header>
      )}
      <div className={flush ? undefined : "p-4"}>{children}</div>
    </section>
  );
}

interface PageHeadProps {
  title: ReactNode;
  text?: ReactNode;
  actions?: ReactNode;
}

export function PageHead({ title, text, actions }: PageHeadProps) {
  return (
    <div className="mb-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <h1 className="flex flex-wrap items-center gap-x-3 gap-y-1 text-lg leading-7 font-semibold tracking-tight break-all">
          {title}
        </h1>
        {text && <div className="mt-0.5 text-ink-2">{text}</div>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  );
}
