// SPDX-License-Identifier: Apache-2.0
// Devices imported, changed and exported, many at once.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { button, field, stage } from "./harness.js";

let platform;
let browser;

stage({}, async (...both) => {
  [platform, browser] = both;
  await platform.api("POST", "/products", { key: "lamp" });
});

const file = (text) => ({ name: "lamps.csv", mimeType: "text/csv", buffer: Buffer.from(text) });

/** The text that the click downloads. */
async function download(page, click) {
  const [got] = await Promise.all([page.waitForEvent("download"), click()]);
  return readFileSync(await got.path(), "utf8");
}

test("a file is checked, then imported, and its keys are downloaded once", async () => {
  const page = await browser.visit("/jobs/import");
  await field(page, "File").setInputFiles(file("key,name\nlamp-1,Hall\nbad key,Attic\n"));
  await page.getByLabel("Product of rows that name none").selectOption("lamp");
  await button(page, "Check the file").click();
  await page.getByRole("row", { name: /error/ }).waitFor();
  assert.equal((await platform.api("GET", "/products/lamp/devices")).items.length, 0, "checking changes nothing");
  await button(page, "Import").click();
  await page.getByRole("row", { name: /lamp-1.*made/ }).waitFor();
  const keys = await download(page, async () => {
    await button(page, "Download the keys").click();
    await button(page.getByRole("dialog"), "Download the keys").click();
  });
  assert.match(keys, /^username,client_id,secret\r\nlamp,lamp-1,\S+/);
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await button(page, "Download the keys").waitFor({ state: "detached" });
});

test("chosen devices are changed as a job; all that match are deleted only when it is typed", async () => {
  for (const key of ["lamp-7", "lamp-8"]) await platform.api("POST", "/products/lamp/devices", { key });
  const page = await browser.visit("/devices?q=lamp-");
  await page.getByRole("checkbox", { name: "Choose lamp-7" }).check();
  await button(page, "Change the chosen").click();
  await field(page, "Tags").fill("attic");
  await page.getByText("This is about 1 device: lamp-7").waitFor();
  await button(page, "Start the job").click();
  await page.getByText("done", { exact: true }).waitFor();
  assert.deepEqual((await platform.api("GET", "/products/lamp/devices/lamp-7")).tags, ["attic"]);

  await page.goto("/devices?q=lamp-8");
  await button(page, "Change all that match").click();
  await page.getByLabel("What to do").selectOption("delete");
  await page.getByText("This is about 1 device: lamp-8").waitFor();
  assert.ok(await button(page, "Start the job").isDisabled());
  await page.getByLabel("Type delete to confirm").fill("delete");
  await button(page, "Start the job").click();
  await page.getByText("done", { exact: true }).waitFor();
  assert.deepEqual((await platform.api("GET", "/devices?q=lamp-8")).items, []);
});

test("devices are exported into a file", async () => {
  const page = await browser.visit("/devices?product=lamp");
  await button(page, "Export").click();
  await button(page, "Start the job").click();
  await button(page, "Download the file").waitFor();
  const text = await download(page, () => button(page, "Download the file").click());
  assert.match(text, /lamp-7,lamp/);
  await page.goto("/jobs");
  await page.getByRole("row", { name: /export/ }).waitFor();
});
