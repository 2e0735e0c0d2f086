// SPDX-License-Identifier: Apache-2.0
import {
  createColumnHelper,
  tableFeatures,
  useTable,
  type CellData,
  type ColumnDef,
  type RowData,
  type TableFeatures,
} from "@tanstack/react-table";
import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "@/lib/cx";

// The names of the parameters must be those of the declaration that this adds to.
/* eslint-disable @typescript-eslint/no-unused-vars */
declare module "@tanstack/react-table" {
  interface ColumnMeta<TFeatures extends TableFeatures, TData extends RowData, TValue extends CellData> {
    /** Where there is little room some columns go. */
    className?: string;
    /** The server's name of the order by this column. */
    sort?: string;
  }
}
/* eslint-enable @typescript-eslint/no-unused-vars */

// The server sorts, filters and pages, so the table needs nothing but its core.
const features = tableFeatures({});

export function columnsFor<T extends RowData>() {
  return createColumnHelper<typeof features, T>();
}

interface DataTableProps<T extends RowData> {
  label: string;
  /** The same array as long as they do not change. */
  columns: ColumnDef<typeof features, T, any>[]; // eslint-disable-line @typescript-eslint/no-explicit-any -- columns differ in type
  rows: T[];
  rowId: (row: T) => string;
  sort?: string;
  onSort?: (sort: string) => void;
  empty: ReactNode;
  current?: string | undefined;
}

function SortMark({ sort, name }: { sort: string | undefined; name: string }) {
  if (sort === name) return <ArrowUp className="size-3" aria-hidden />;
  if (sort === `-${name}`) return <ArrowDown className="size-3" aria-hidden />;
  return null;
}

function order(sort: string | undefined, name: string | undefined) {
  if (!name) return undefined;
  return sort === name ? "ascending" : sort === `-${name}` ? "descending" : "none";
}

export function DataTable<T extends RowData>({ label, columns, rows, rowId, sort, onSort, empty, current }: DataTableProps<T>) {
  const table = useTable({ features, data: rows, columns, getRowId: rowId });
  if (rows.length === 0) return empty;
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-left" aria-label={label}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} className="border-b">
              {group.headers.map((header) => {
                const meta = header.column.columnDef.meta;
                const name = meta?.sort;
                const text = <table.FlexRender header={header} />;
                return (
                  <th
                    key={header.id}
                    scope="col"
                    aria-sort={order(sort, name)}
                    className={cx("h-9 px-3 text-xs font-medium whitespace-nowrap text-ink-3 first:pl-4 last:pr-4", meta?.className)}
                  >
                    {name && onSort ? (
                      <button
                        type="button"
                        className="inline-flex items-center gap-1 hover:text-ink"
                        onClick={() => onSort(sort === name ? `-${name}` : name)}
                      >
                        {text} <SortMark sort={sort} name={name} />
                      </button>
                    ) : (
                      text
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody className="divide-y">
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id} className={cx("hover:bg-sunk/60", row.id === current && "bg-accent-soft")}>
              {row.getAllCells().map((cell) => (
                <td
                  key={cell.id}
                  className={cx("h-10 px-3 py-1.5 first:pl-4 last:pr-4", cell.column.columnDef.meta?.className)}
                >
                  <table.FlexRender cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
