// SPDX-License-Identifier: Apache-2.0
// Times come in UTC and are shown in the viewer's zone.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function formatTime(iso: string, language: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return date.toLocaleString(language, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
}

export function formatUtc(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : `${date.toISOString().replace("T", " ").replace("Z", "")} UTC`;
}

/** "3 minutes ago", in the viewer's language. */
export function formatAge(iso: string, now: number, language: string): string {
  const diff = new Date(iso).getTime() - now;
  const size = Math.abs(diff);
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
  if (size < 10 * SECOND) return format.format(0, "second");
  if (size < MINUTE) return format.format(Math.round(diff / SECOND), "second");
  if (size < HOUR) return format.format(Math.round(diff / MINUTE), "minute");
  if (size < DAY) return format.format(Math.round(diff / HOUR), "hour");
  return format.format(Math.round(diff / DAY), "day");
}

export const RANGES = { "1h": HOUR, "6h": 6 * HOUR, "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY } as const;
export type Range = keyof typeof RANGES;
export const RANGE_NAMES = Object.keys(RANGES) as Range[];

export const BUCKETS = ["10s", "1m", "5m", "15m", "1h", "6h", "1d"] as const;
export type Bucket = (typeof BUCKETS)[number];

const BUCKET_MS: Record<Bucket, number> = {
  "10s": 10 * SECOND,
  "1m": MINUTE,
  "5m": 5 * MINUTE,
  "15m": 15 * MINUTE,
  "1h": HOUR,
  "6h": 6 * HOUR,
  "1d": DAY,
};

export const MAX_BUCKETS = 2000;

/** The shortest bucket that gives a line of at most 400 points. */
export function autoBucket(range: Range): Bucket {
  return BUCKETS.find((bucket) => RANGES[range] / BUCKET_MS[bucket] <= 400) ?? "1d";
}

/** Buckets that the server would not refuse for being too many. */
export function bucketsFor(range: Range): Bucket[] {
  return BUCKETS.filter((bucket) => RANGES[range] / BUCKET_MS[bucket] <= MAX_BUCKETS && BUCKET_MS[bucket] < RANGES[range]);
}

export function bucketMs(bucket: Bucket): number {
  return BUCKET_MS[bucket];
}

/** When a day of the viewer's zone begins, some days on. */
export function dayStart(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00`);
  date.setDate(date.getDate() + days);
  return date.toISOString();
}
