// SPDX-License-Identifier: Apache-2.0
// Everything about the dashboard that can be checked without a browser; ends with `N passed, N failed`.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (name) => join(root, "node_modules/.bin", name);
let passed = 0;
let failed = 0;

function run(command, ...args) {
  const done = spawnSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: 64 << 20 });
  return { ok: done.status === 0, text: `${done.stdout ?? ""}${done.stderr ?? ""}${done.error ?? ""}` };
}

function report(name, ok, text) {
  ok ? passed++ : failed++;
  console.log(`${ok ? "ok" : "FAILED"}  ${name}`);
  if (!ok) console.log(text.trim().replace(/^/gm, "        "));
}

function check(name, command, ...args) {
  const { ok, text } = run(command, ...args);
  report(name, ok, text);
}

function routes() {
  const file = join(root, "src/routeTree.gen.ts");
  const before = readFileSync(file, "utf8");
  const { ok, text } = run(process.execPath, "scripts/routes.js");
  const fresh = readFileSync(file, "utf8") === before;
  writeFileSync(file, before);
  report("routes", ok && fresh, text || "src/routeTree.gen.ts is not fresh: run `npm run routes` in web/");
}

function lockfile() {
  const text = readFileSync(join(root, "package-lock.json"), "utf8");
  report("lockfile", !/"resolved"/.test(text), "package-lock.json names a registry: see .npmrc");
}

function unit() {
  const file = join(tmpdir(), `thingd-web-${process.pid}.json`);
  const { text } = run(bin("vitest"), "run", "--reporter=default", "--reporter=json", `--outputFile=${file}`);
  try {
    const result = JSON.parse(readFileSync(file, "utf8"));
    const bad = result.numTotalTests - result.numPassedTests + result.numFailedTestSuites;
    passed += result.numPassedTests;
    failed += bad;
    console.log(`${bad ? "FAILED" : "ok"}  unit: ${result.numPassedTests} of ${result.numTotalTests}`);
    if (bad) console.log(text);
  } catch {
    report("unit", false, text);
  } finally {
    rmSync(file, { force: true });
  }
}

lockfile();
check("api types", process.execPath, "scripts/api.js", "--check");
routes();
check("lint", bin("eslint"), ".");
check("types", bin("tsc"), "--noEmit");
unit();
check("build and size", "npm", "run", "--silent", "build");
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
