// SPDX-License-Identifier: Apache-2.0
import { encode } from "uqr";

/** Dark on light in both themes: that is what cameras read. */
export function Qr({ text, label }: { text: string; label: string }) {
  const { size, data } = encode(text, { border: 3 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges" className="size-44 rounded-md bg-white">
      <path d={path} fill="#000" />
    </svg>
  );
}
