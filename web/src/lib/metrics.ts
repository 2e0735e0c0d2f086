// SPDX-License-Identifier: Apache-2.0
// The server's figures, from Prometheus' text form.

export type Figures = Record<string, number>;

/** Figures without labels, and the sum over the labels of those that have some. */
export function parseMetrics(text: string): Figures {
  const out: Figures = {};
  for (const line of text.split("\n")) {
    const found = /^([a-zA-Z_:][\w:]*)(?:\{[^}]*\})? ([-+0-9.eE]+)/.exec(line);
    if (found?.[1]) out[found[1]] = (out[found[1]] ?? 0) + Number(found[2]);
  }
  return out;
}

export interface Reading {
  at: number;
  figures: Figures;
}

/** Per second between two readings; null when the server started anew in between. */
export function rate(before: Reading, after: Reading, name: string): number | null {
  const seconds = (after.at - before.at) / 1000;
  const grown = (after.figures[name] ?? 0) - (before.figures[name] ?? 0);
  return seconds > 0 && grown >= 0 ? grown / seconds : null;
}
