// SPDX-License-Identifier: Apache-2.0
// Parts of a page; which one is open stands in its address as `tab`, the first one by leaving it out.
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

interface TabsProps<T extends string> {
  label: string;
  tabs: readonly { value: T; label: ReactNode }[];
  current: T;
}

export function Tabs<T extends string>({ label, tabs, current }: TabsProps<T>) {
  return (
    <nav className="mb-4 flex gap-1 overflow-x-auto border-b" aria-label={label}>
      {tabs.map(({ value, label: text }, i) => (
        <Link
          key={value}
          to="."
          search={(i === 0 ? {} : { tab: value }) as never}
          replace
          aria-current={value === current ? "page" : undefined}
          className={`-mb-px border-b-2 px-3 py-2 whitespace-nowrap -outline-offset-2 ${
            value === current ? "border-accent font-medium text-ink" : "border-transparent text-ink-2 hover:text-ink"
          }`}
        >
          {text}
        </Link>
      ))}
    </nav>
  );
}
