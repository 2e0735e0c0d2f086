// SPDX-License-Identifier: Apache-2.0
// Which properties the chart shows, and its data as columns.
import type { SeriesPoint } from "./queries";

export const MOST_SERIES = 6;

/** Distinguishable in both themes and by most eyes. */
export const COLORS = ["#0d9488", "#d97706", "#6366f1", "#db2777", "#65a30d", "#0284c7"];

/** Those named in the address; without an address the first two numbers. "-" stands for none. */
export function shownNames(show: string | undefined, properties: Record<string, { value?: unknown }>): string[] {
  if (show === "-") return [];
  if (show) return [...new Set(show.split(",").filter(Boolean))].slice(0, MOST_SERIES);
  const numbers = Object.keys(properties).filter((name) => typeof properties[name]?.value === "number");
  return numbers.sort((a, b) => a.localeCompare(b)).slice(0, 2);
}

export type Column = (number | null)[];

/** Seconds, then average, least and most of each property. Where buckets are missing the line is broken. */
export function toColumns(points: SeriesPoint[], names: string[], gapMs: number): [number[], ...Column[]] {
  const times: number[] = [];
  const columns: Column[] = names.flatMap(() => [[], [], []]);
  const add = (time: number, point: SeriesPoint | null) => {
    times.push(time / 1000);
    names.forEach((name, i) => {
      const found = point && Object.hasOwn(point.properties, name) ? point.properties[name] : undefined;
      columns[3 * i]?.push(found?.avg ?? null);
      columns[3 * i + 1]?.push(found?.min ?? null);
      columns[3 * i + 2]?.push(found?.max ?? null);
    });
  };
  let last: number | null = null;
  for (const point of points) {
    const time = Date.parse(point.time);
    if (last !== null && time - last > 3 * gapMs) add(last + gapMs, null);
    add(time, point);
    last = time;
  }
  return [times, ...columns];
}
