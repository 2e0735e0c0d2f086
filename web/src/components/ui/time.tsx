// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from "@/lib/i18n";
import { useNow } from "@/lib/now";
import { formatAge, formatTime, formatUtc } from "@/lib/time";

interface TimeProps {
  value: string | null | undefined;
  /** "3 min ago" instead of the time. */
  age?: boolean;
  fallback?: string;
}

/** In the viewer's zone; UTC on hover. */
export function Time({ value, age, fallback = "–" }: TimeProps) {
  const { locale } = useTranslation();
  const now = useNow();
  if (!value) return <span className="text-ink-3">{fallback}</span>;
  const local = formatTime(value, locale);
  const title = age ? `${local}\n${formatUtc(value)}` : formatUtc(value);
  return (
    <time dateTime={value} title={title} className="whitespace-nowrap tabular-nums">
      {age ? formatAge(value, now, locale) : local}
    </time>
  );
}
