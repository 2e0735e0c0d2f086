// SPDX-License-Identifier: Apache-2.0
const WIDTH = 240;
const HEIGHT = 44;

/** A line without axes; the number beside it says how much. */
export function Sparkline({ values, slots }: { values: number[]; slots: number }) {
  if (values.length < 2) return <div style={{ height: HEIGHT }} />;
  const most = Math.max(...values, 1e-9);
  const step = WIDTH / (slots - 1);
  const start = WIDTH - (values.length - 1) * step;
  const points = values.map((v, i) => `${(start + i * step).toFixed(1)},${(HEIGHT - 2 - (v / most) * (HEIGHT - 6)).toFixed(1)}`);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className="h-11 w-full text-accent" aria-hidden>
      <polygon points={`${start.toFixed(1)},${HEIGHT} ${points.join(" ")} ${WIDTH},${HEIGHT}`} className="fill-accent-soft" />
      <polyline points={points.join(" ")} fill="none" stroke="currentColor" strokeWidth="1.5" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
