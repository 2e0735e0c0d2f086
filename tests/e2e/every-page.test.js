// SPDX-License-Identifier: Apache-2.0
// What holds for every page: no barrier that axe finds in either theme, and no page wider than a phone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AxeBuilder } from "../../web/node_modules/@axe-core/playwright/dist/index.mjs";
import { stage } from "./harness.js";
import { furnish, PAGES, THEMES } from "./pages.js";

let platform;
let browser;
let ann;

stage({}, async (...both) => {
  [platform, browser] = both;
  ann = await platform.account("ann", [{ role: "admin" }]);
  await furnish(platform);
});

for (const colorScheme of THEMES) {
  test(`every page is accessible, ${colorScheme}`, async () => {
    const page = await browser.signIn(ann, "/", { colorScheme });
    const found = [];
    for (const [path, there] of PAGES) {
      await page.goto(path);
      await page.locator("main").getByText(there).filter({ visible: true }).first().waitFor();
      const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa"]).analyze();
      for (const { id, nodes } of violations) found.push(`${path}: ${id}: ${nodes[0].target.join(" ")} (${nodes.length})`);
    }
    assert.deepEqual(found, []);
  });
}

test("no page is wider than a phone", async () => {
  const page = await browser.signIn(ann, "/", { viewport: { width: 360, height: 740 } });
  const wide = [];
  for (const [path, there] of PAGES) {
    await page.goto(path);
    await page.locator("main").getByText(there).filter({ visible: true }).first().waitFor();
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (over > 0) wide.push(`${path}: ${over}px`);
  }
  assert.deepEqual(wide, []);
});
