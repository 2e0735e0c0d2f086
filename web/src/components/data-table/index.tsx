// SPDX-License-Identifier: Apache-2.0
// The server sorts, filters and pages, so a table is its columns and the rows of one page.
import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "@/lib/cx";
import { useTranslation } from "@/lib/i18n";

export interface Column<T> {
  id: string;
  header: ReactNode;
  cell: (row: T) => ReactNode;
  /** Where there is little room some columns go. */
  className?: string;
  /** The server's name of the order by this column. */
  sort?: string;
}

export interface Selection {
  chosen: ReadonlySet<string>;
  onChange: (chosen: Set<string>) => void;
}

interface DataTableProps<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowId: (row: T) => string;
  sort?: string;
  onSort?: (sort: string) => void;
  empty: ReactNode;
  current?: string | undefined;
  /** Rows can be ticked. */
  selection?: Selection | undefined;
}

const HEAD = "h-9 px-3 text-xs font-medium whitespace-nowrap text-ink-3 first:pl-4 last:pr-4";
const CELL = "h-10 px-3 py-1.5 first:pl-4 last:pr-4";

function SortMark({ sort, name }: { sort: string | undefined; name: string }) {
  if (sort === name) return <ArrowUp className="size-3" aria-hidden />;
  if (sort === `-${name}`) return <ArrowDown className="size-3" aria-hidden />;
  return null;
}

function order(sort: string | undefined, name: string | undefined) {
  if (!name) return undefined;
  return sort === name ? "ascending" : sort === `-${name}` ? "descending" : "none";
}

interface TickProps {
  label: string;
  checked: boolean;
  some?: boolean;
  onChange: () => void;
}

function Tick({ label, checked, some = false, onChange }: TickProps) {
  return (
    <input
      type="checkbox"
      className="block size-3.5 accent-accent"
      aria-label={label}
      checked={checked}
      ref={(box) => {
        if (box) box.indeterminate = some && !checked;
      }}
      onChange={onChange}
    />
  );
}

function toggled(chosen: ReadonlySet<string>, ids: string[], on: boolean): Set<string> {
  const next = new Set(chosen);
  for (const id of ids) {
    if (on) next.add(id);
    else next.delete(id);
  }
  return next;
}

export function DataTable<T>(props: DataTableProps<T>) {
  const { label, columns, rows, rowId, sort, onSort, empty, current, selection } = props;
  const { t } = useTranslation();
  if (rows.length === 0) return empty;
  const ids = rows.map(rowId);
  const all = ids.every((id) => selection?.chosen.has(id));
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-left" aria-label={label}>
        <thead>
          <tr className="border-b">
            {selection && (
              <th scope="col" className={cx(HEAD, "w-8 pr-0")}>
                <Tick
                  label={t("table.choose_all")}
                  checked={all}
                  some={ids.some((id) => selection.chosen.has(id))}
                  onChange={() => selection.onChange(toggled(selection.chosen, ids, !all))}
                />
              </th>
            )}
            {columns.map(({ id, header, sort: name, className }) => (
              <th key={id} scope="col" aria-sort={order(sort, name)} className={cx(HEAD, className)}>
                {name && onSort ? (
                  <button
                    type="button"
                    className="inline-flex items-center gap-1 hover:text-ink"
                    onClick={() => onSort(sort === name ? `-${name}` : name)}
                  >
                    {header} <SortMark sort={sort} name={name} />
                  </button>
                ) : (
                  header
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y">
          {rows.map((row, i) => {
            const key = ids[i] as string;
            const chosen = selection?.chosen.has(key) ?? false;
            return (
              <tr key={key} className={cx("hover:bg-sunk/60", (key === current || chosen) && "bg-accent-soft")}>
                {selection && (
                  <td className={cx(CELL, "w-8 pr-0")}>
                    <Tick
                      label={t("table.choose", { name: key })}
                      checked={chosen}
                      onChange={() => selection.onChange(toggled(selection.chosen, [key], !chosen))}
                    />
                  </td>
                )}
                {columns.map(({ id, cell, className }) => (
                  <td key={id} className={cx(CELL, className)}>
                    {cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
