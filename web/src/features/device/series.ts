// SPDX-License-Identifier: Apache-2.0
// Which properties the chart shows, and its data as columns.
import type { LatestEvent } from "@/lib/live/messages";
import type { Series, SeriesPoint } from "./queries";

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

function withValue(old: SeriesPoint["properties"][string] | undefined, value: number): SeriesPoint["properties"][string] {
  const count = old?.count ?? 0;
  return {
    min: Math.min(old?.min ?? value, value),
    max: Math.max(old?.max ?? value, value),
    avg: ((old?.avg ?? 0) * count + value) / (count + 1),
    count: count + 1,
  };
}

/** A report that has just come, put into its bucket; the window moves on with it. Late ones wait for the next reading. */
export function addToSeries(series: Series, { time, params }: LatestEvent, bucket: number): Series {
  const at = Date.parse(time);
  const start = Math.floor(at / bucket) * bucket;
  const last = series.points.at(-1);
  const lastAt = last ? Date.parse(last.time) : -Infinity;
  const numbers = Object.entries(params).filter((entry): entry is [string, number] => typeof entry[1] === "number");
  if (numbers.length === 0 || start < lastAt) return series;
  const properties = start === lastAt && last ? { ...last.properties } : {};
  for (const [name, value] of numbers) {
    properties[name] = withValue(Object.hasOwn(properties, name) ? properties[name] : undefined, value);
  }
  const point = { time: new Date(start).toISOString(), properties };
  const on = Math.max(0, at - series.to);
  const from = series.from + on;
  const kept = (start === lastAt ? series.points.slice(0, -1) : series.points).filter((one) => Date.parse(one.time) >= from - bucket);
  return { points: [...kept, point], from, to: series.to + on };
}
