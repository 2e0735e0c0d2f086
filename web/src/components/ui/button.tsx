// SPDX-License-Identifier: Apache-2.0
import type { ButtonHTMLAttributes } from "react";
import { cx } from "@/lib/cx";

type Kind = "primary" | "plain" | "quiet" | "danger";

const LOOK: Record<Kind, string> = {
  primary: "bg-accent text-on-accent hover:brightness-110 border-transparent",
  plain: "bg-panel text-ink hover:bg-sunk border-line-strong",
  quiet: "text-ink-2 hover:text-ink hover:bg-sunk border-transparent",
  danger: "bg-panel text-bad hover:bg-bad-soft border-line-strong",
};

const BASE =
  "inline-flex items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap disabled:opacity-50 disabled:pointer-events-none";

export function buttonClass(kind: Kind = "plain", small = false): string {
  return cx(BASE, LOOK[kind], small ? "h-7 px-2 text-xs" : "h-8 px-3");
}

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: Kind;
  small?: boolean;
  busy?: boolean;
}

export function Button({ kind, small, busy, className, children, disabled, type = "button", ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={cx(buttonClass(kind, small), className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy && <span className="size-3 animate-spin rounded-full border-2 border-current border-t-transparent" />}
      {children}
    </button>
  );
}

export function IconButton({ label, className, ...rest }: ButtonHTMLAttributes<HTMLButtonElement> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={cx(
        "inline-flex size-8 shrink-0 items-center justify-center rounded-md text-ink-2 hover:bg-sunk hover:text-ink disabled:opacity-40",
        className,
      )}
      {...rest}
    />
  );
}
