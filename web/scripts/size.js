// SPDX-License-Identifier: Apache-2.0
// Script that a browser loads before a page can be used, gzipped: what index.html names, the texts in one language, and
// the page's own chunks. The budgets: for where people arrive, and for any other page opened by its address.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const ARRIVAL = ["sign-in.tsx", "_app/index.tsx"];
const ARRIVAL_KIB = 140;
const PAGE_KIB = 144;
const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, "utf8"));

function closure(key, files = new Set()) {
  const chunk = manifest[key];
  if (!chunk || files.has(chunk.file)) return files;
  files.add(chunk.file);
  for (const name of chunk.imports ?? []) closure(name, files);
  return files;
}

function size(files) {
  let sum = 0;
  for (const file of files) if (file.endsWith(".js")) sum += gzipSync(readFileSync(dist + file), { level: 9 }).length;
  return sum;
}

/** The texts that a page's loader asks for. */
function sections(route) {
  const source = readFileSync(fileURLToPath(new URL(`../${route}`, import.meta.url)), "utf8");
  return [...source.matchAll(/loadTexts\(([^)]*)\)/g)].flatMap(([, list]) => [...list.matchAll(/"(\w+)"/g)].map((m) => m[1]));
}

const base = closure("index.html");
closure("src/locales/en/core.ts", base);
const pages = Object.keys(manifest).filter((key) => /^src\/routes\/.*\?tsr-split=component(---loader)?$/.test(key));
// The frame is part of every page behind the sign-in.
const frame = pages.find((key) => key.startsWith("src/routes/_app.tsx"));
let failed = pages.length === 0;
for (const page of pages.sort()) {
  const files = closure(page, new Set(base));
  for (const section of sections(page.replace(/\?.*/, ""))) closure(`src/locales/en/${section}.ts`, files);
  if (frame && page.startsWith("src/routes/_app/")) closure(frame, files);
  const name = page.replace(/^src\/routes\//, "").replace(/\?.*/, "");
  const kib = size(files) / 1024;
  const most = ARRIVAL.includes(name) ? ARRIVAL_KIB : PAGE_KIB;
  failed ||= kib > most;
  console.log(`${kib.toFixed(1).padStart(7)} of ${most} KiB  ${name}${kib > most ? "  <-- too large" : ""}`);
}
process.exit(failed ? 1 : 0);
