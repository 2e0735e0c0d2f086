// SPDX-License-Identifier: Apache-2.0
// Runs the browser tests one file after the other, each on a stack of its own; ends with `N passed, N failed`.
//   node tests/e2e/run.js [NAME]...     only files whose name holds one of these
//     --slower N                        on pages that take N times as long, as on a busy machine
//     --times N                         N rounds; ends after the first in which something fails
//   node tests/e2e/run.js --shots DIR   no tests: pictures of every page in both themes
import { readdirSync } from "node:fs";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { slower: { type: "string", default: "1" }, times: { type: "string", default: "1" }, shots: { type: "string" } },
});

if (values.shots) {
  const { takeShots } = await import("./shots.js");
  await takeShots(values.shots);
  process.exit();
}

process.env.E2E_SLOWER = values.slower; // the harness reads it in the process of each file
const here = fileURLToPath(new URL(".", import.meta.url));
const files = readdirSync(here)
  .filter((name) => name.endsWith(".test.js") && (!wanted.length || wanted.some((part) => name.includes(part))))
  .sort()
  .map((name) => here + name);

function round() {
  return new Promise((resolve) => {
    const done = { passed: 0, failed: 0 };
    const events = run({ files, concurrency: 1, timeout: 900_000 });
    events.on("test:pass", (event) => {
      if (event.details.type === "suite" || event.nesting === 0 && event.file === event.name) return;
      event.skip !== undefined || event.todo !== undefined ? done.failed++ : done.passed++;
    });
    events.on("test:fail", (event) => {
      if (event.details.type !== "suite") done.failed++;
    });
    events.on("end", () => resolve(done));
    events.compose(new spec()).pipe(process.stdout, { end: false });
  });
}

let passed = 0;
let failed = 0;
for (let left = Number(values.times); left > 0 && failed === 0; left--) {
  const one = await round();
  passed += one.passed;
  failed += one.failed;
}
process.exitCode = failed || !passed ? 1 : 0;
console.log(`${passed} passed, ${failed} failed`);
