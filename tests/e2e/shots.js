// SPDX-License-Identifier: Apache-2.0
// Pictures of every page in both themes, for the eye: FOLDER/PAGE-THEME-WIDTH.png.
import { mkdirSync } from "node:fs";
import { Browser, Platform } from "./harness.js";
import { furnish, PAGES, THEMES } from "./pages.js";

const WIDTHS = [360, 1440];

export async function takeShots(folder) {
  mkdirSync(folder, { recursive: true });
  const platform = await Platform.up({ broker: false });
  let browser;
  try {
    const ann = await platform.account("ann", [{ role: "admin" }]);
    await furnish(platform);
    browser = await Browser.open(platform);
    for (const colorScheme of THEMES) {
      for (const width of WIDTHS) {
        const page = await browser.signIn(ann, "/", { colorScheme, viewport: { width, height: 900 } });
        for (const [path, there] of PAGES) {
          await page.goto(path);
          await page.locator("main").getByText(there).filter({ visible: true }).first().waitFor();
          await page.waitForLoadState("load");
          await page.waitForFunction(() => {
            const links = [...(document.querySelector("nav")?.querySelectorAll("a") ?? [])];
            return links.every((link) => link.querySelector("svg")) && !document.querySelector("main .animate-pulse");
          });
          const name = path.replace(/\W+/g, "-").replace(/^-|-$/g, "") || "overview";
          await page.screenshot({ path: `${folder}/${name}-${colorScheme}-${width}.png` });
        }
        await page.context().close();
      }
    }
  } finally {
    await browser?.close();
    await platform.down();
  }
}
