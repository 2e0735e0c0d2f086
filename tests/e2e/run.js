// SPDX-License-Identifier: Apache-2.0
// Runs the browser tests one file after the other against one stack; ends with `N passed, N failed`.
//   node tests/e2e/run.js [NAME]...     only files whose name holds one of these
import { readdirSync } from "node:fs";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(here)
  .filter((name) => name.endsWith(".test.js") && (!wanted.length || wanted.some((part) => name.includes(part))))
  .sort()
  .map((name) => here + name);

let passed = 0;
let failed = 0;
const events = run({ files, concurrency: 1, timeout: 180_000 });
events.on("test:pass", (event) => {
  if (event.details.type === "suite" || event.nesting === 0 && event.file === event.name) return;
  event.skip !== undefined || event.todo !== undefined ? failed++ : passed++;
});
events.on("test:fail", (event) => {
  if (event.details.type !== "suite") failed++;
});
events.compose(new spec()).pipe(process.stdout);
events.on("end", () => {
  process.exitCode = failed || !passed ? 1 : 0;
  process.on("exit", () => console.log(`${passed} passed, ${failed} failed`));
});
