// SPDX-License-Identifier: Apache-2.0
// Lines of averages over bands from least to most. Loaded only where there is a chart.
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "@/lib/i18n";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useTheme } from "@/lib/theme";
import type { SeriesPoint } from "./queries";
import { COLORS, toColumns } from "./series";

const HEIGHT = 280;
const DAY_SECONDS = 86_400;

interface ChartProps {
  points: SeriesPoint[];
  names: string[];
  from: number;
  to: number;
  gapMs: number;
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function options(names: string[], width: number, locale: string, window: () => [number, number]): uPlot.Options {
  const ink = token("--ink-3");
  const line = token("--line");
  const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 }, font: "11px system-ui" };
  const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const date = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
  const ticks: uPlot.Axis.Values = (_, splits, _axis, _space, step) =>
    splits.map((at) => {
      const when = at * 1000;
      const midnight = new Date(when).getHours() === 0 && new Date(when).getMinutes() === 0;
      return (step >= DAY_SECONDS || midnight ? date : clock).format(when);
    });
  const time = new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "medium", hourCycle: "h23" });
  const series = names.flatMap((name, i): uPlot.Series[] => {
    const color = COLORS[i] ?? "gray";
    const hidden = { show: true, stroke: "transparent", width: 0, points: { show: false } };
    return [
      {
        label: name,
        stroke: color,
        width: 1.75,
        points: { size: 4 },
        value: (_, v) => (v === null ? "–" : String(Math.round(v * 1000) / 1000)),
      },
      { ...hidden, label: `${name} min` },
      { ...hidden, label: `${name} max` },
    ];
  });
  return {
    width,
    height: HEIGHT,
    scales: { x: { time: true, range: window } },
    cursor: { points: { size: 7 }, drag: { x: false, y: false } },
    axes: [{ ...axis, values: ticks }, { ...axis, size: 56 }],
    series: [{ label: "", value: (_, v) => (v === null ? "–" : time.format(v * 1000)) }, ...series],
    bands: names.map((_, i) => ({ series: [3 * i + 3, 3 * i + 2], fill: `${COLORS[i]}22` })),
    legend: { live: true },
  };
}

export default function Chart({ points, names, from, to, gapMs }: ChartProps) {
  const { t, locale } = useTranslation();
  const { dark } = useTheme();
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const range = useRef<[number, number]>([from / 1000, to / 1000]);
  const data = useMemo(() => toColumns(points, names, gapMs) as uPlot.AlignedData, [points, names, gapMs]);
  const newest = useRef(data);
  const shape = JSON.stringify(names);

  useEffect(() => {
    range.current = [from / 1000, to / 1000];
    newest.current = data;
    if (plot.current && plot.current.series.length === data.length) plot.current.setData(data);
  }, [data, from, to]);

  useEffect(() => {
    const target = box.current;
    if (!target) return;
    const shown = JSON.parse(shape) as string[];
    const made = new uPlot(options(shown, target.clientWidth, locale, () => range.current), newest.current, target);
    plot.current = made;
    const watch = new ResizeObserver(() => made.setSize({ width: target.clientWidth, height: HEIGHT }));
    watch.observe(target);
    return () => {
      watch.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape, dark, locale]);

  return (
    <div className="relative">
      <div ref={box} role="img" aria-label={t("device.chart_of", { names: names.join(", ") })} className="chart" />
      {points.length === 0 && (
        <p className="absolute inset-0 flex items-center justify-center text-ink-3">{t("device.no_history")}</p>
      )}
    </div>
  );
}
