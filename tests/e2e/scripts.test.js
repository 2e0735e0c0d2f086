// SPDX-License-Identifier: Apache-2.0
// The life of a product's script in the dashboard.
import assert from "node:assert/strict";
import { test } from "node:test";
import { button, field, stage, until } from "./harness.js";

const SCRIPT = `local M = { api = 1 }
function M.on_property(msg)
    print("seen " .. msg.params.a)
    msg.params.doubled = msg.params.a * 2
    return msg.params
end
M.tests = {
    { name = "doubles", input = { payload = { id = "1", params = { a = 2 } } },
      expect = { store = { { params = { doubled = 4 } } } } },
}
return M
`;

let platform;
let browser;

stage({}, async (...both) => {
  [platform, browser] = both;
  await platform.device("mill", "mill-1");
});

/** Puts that text into the editor, as pasting does. */
async function write(page, text) {
  const editor = page.getByRole("textbox", { name: "Source in Lua" });
  await editor.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

/** Reports until that is there: a change of the script reaches the one who runs it a moment after its answer. */
function reporting(what, params, look) {
  return until(what, async () => {
    await platform.report("mill", "mill-1", params);
    return look();
  });
}

const latest = async () => (await platform.api("GET", "/products/mill/devices/mill-1/latest")).properties;

test("a draft is checked, tried, kept and put in force", async () => {
  const page = await browser.visit("/scripts/mill");
  await page.getByText("It loads and its tests pass").waitFor();
  await write(page, "local M = {}\nreturn M +\n");
  await page.getByText("It cannot be kept like this").waitFor();
  await page.locator(".cm-lint-marker-error").waitFor();
  await write(page, SCRIPT.replace("doubled = 4", "doubled = 5"));
  await page.getByRole("listitem").filter({ hasText: "doubles" }).getByText("failed").waitFor();
  await write(page, SCRIPT);
  await page.getByText("It loads and its tests pass").waitFor();

  await field(page, "Payload").fill('{"id": "7", "params": {"a": 21}}');
  await button(page, "Try").click();
  await page.getByRole("list", { name: "What came of it" }).getByText('"doubled": 42').waitFor();
  assert.deepEqual(await latest(), {}, "trying stores nothing");

  await button(page, "Save as a new version").click();
  await field(page, "Note").fill("doubles <i>a</i>");
  await page.getByLabel("Put it in force for all devices at once").check();
  await button(page, "Save and put in force").click();
  await page.getByText("version 1 in force").waitFor();
  await reporting("the script ran", { a: 4 }, async () => (await latest()).doubled?.value === 8);
});

test("a draft is not lost by a slip", async () => {
  const page = await browser.visit("/scripts/mill");
  await page.getByText("It loads and its tests pass").waitFor();
  await write(page, `${SCRIPT}-- more\n`);
  await page.getByText("changed", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Runs" }).click();
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByText("changed", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Products" }).first().click();
  await page.getByText("Leave without saving?").waitFor();
  await button(page, "Cancel").click();
  await page.getByText("changed", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Products" }).first().click();
  await button(page, "Leave").click();
  await page.getByRole("heading", { name: "Products" }).waitFor();
});

test("versions are compared; one runs as a canary, is promoted, and rolled back", async () => {
  await platform.api("POST", "/products/mill/scripts", { source: SCRIPT.replace("* 2", "* 4 / 2"), note: "slower" });
  const page = await browser.visit("/scripts/mill?tab=versions");
  await page.getByRole("row", { name: /Version 2/ }).waitFor();
  await page.locator(".cm-deletedChunk", { hasText: "* 2" }).waitFor();
  await page.locator(".cm-changedLine", { hasText: "* 4 / 2" }).waitFor();
  await page.getByRole("row", { name: /Version 2/ }).getByRole("button", { name: "Canary" }).click();
  await page.getByRole("dialog").getByText("Devices", { exact: true }).click();
  await field(page, "Keys of the devices").fill("mill-1");
  await button(page, "Start the canary").click();
  await page.getByText("Version 2 runs on some devices: 1 named devices").waitFor();
  await button(page, "Promote to all").click();
  await page.getByText("version 2 in force").waitFor();
  await button(page, "Roll back").click();
  await button(page.getByRole("dialog"), "Roll back").click();
  await page.getByText("version 1 in force").waitFor();
  await page.getByRole("link", { name: "History" }).click();
  await page.getByRole("listitem").filter({ hasText: "promoted" }).waitFor();
  await page.getByRole("listitem").filter({ hasText: "rolled back" }).waitFor();
});

test("what the script logs shows as it does, and its runs are counted", async () => {
  const page = await browser.visit("/scripts/mill?tab=log");
  await page.getByRole("status").getByText("Live", { exact: true }).waitFor();
  await platform.report("mill", "mill-1", { a: 77 });
  await page.getByRole("log").getByText("seen 77").waitFor();
  await page.getByRole("link", { name: "Runs" }).click();
  await page.getByRole("row", { name: /on_property/ }).waitFor();
});

test("the script is stopped at once, and runs again", async () => {
  const page = await browser.visit("/scripts/mill");
  await button(page, "Stop at once").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").fill("mill");
  await button(dialog, "Stop at once").click();
  await page.getByText("switched off").waitFor();
  await reporting("a dead letter says so", { a: 5 }, async () =>
    (await platform.api("GET", "/dead-letters?product=mill")).items.some(({ reason }) => reason === "scripts_off"));
  await button(page, "Let it run").click();
  await button(page.getByRole("dialog"), "Let it run").click();
  await page.getByText("switched off").waitFor({ state: "detached" });
});
