// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { button, done, field, forgets, says, stage, until } from "./harness.js";

let platform;
let browser;

stage({ broker: true }, async (...both) => {
  [platform, browser] = both;
  await platform.simulate(2);
});

test("a token signs in to the page that was asked for, and signing out forgets it", async () => {
  const page = await browser.visit("/devices?online=true", { token: null });
  await button(page, "Sign in").waitFor();
  await page.getByText("API token", { exact: true }).click();
  await page.getByRole("textbox", { name: "API token" }).fill("thg_wrong");
  await button(page, "Sign in").click();
  await page.getByRole("alert").getByText("unauthenticated").waitFor();
  await page.getByRole("textbox", { name: "API token" }).fill(platform.stack.admin_token);
  await button(page, "Sign in").click();
  await page.getByRole("link", { name: "air-1" }).waitFor();
  assert.equal(new URL(page.url()).search, "?online=true");
  await button(page, "Sign out").click();
  await button(page, "Sign in").waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.getItem("api-token")), null);
});

test("an account signs in, has to choose its own password, and keeps its session over a reload", async () => {
  const made = await platform.api("POST", "/accounts", { key: "ann", roles: [{ role: "viewer" }] });
  const page = await browser.visit("/", { token: null });
  await field(page, "Account").last().fill("ann");
  await field(page, "Password").fill(made.password);
  await button(page, "Sign in").click();
  await field(page, "Current password").fill(made.password);
  await field(page, "New password").fill("correct horse battery");
  await field(page, "New password again").fill("correct horse battery");
  await button(page, "Change the password").click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await page.getByRole("link", { name: "Products" }).first().click();
  await page.getByRole("link", { name: "air-monitor" }).waitFor();
  assert.equal(await button(page, "New product").count(), 0, "a viewer is not offered what it may not do");
  const cookies = await page.context().cookies();
  assert.ok(cookies.every((cookie) => cookie.httpOnly && cookie.sameSite === "Strict"));
  await button(page, "Sign out").click();
  await button(page, "Sign in").waitFor();
});

test("the overview counts, and shows the newest dead letters", async () => {
  await platform.publish("air-monitor", "air-2", "thing/event/property/post", "{nonsense");
  const page = await browser.visit("/");
  const main = page.getByRole("main");
  await main.getByText("2 online").waitFor();
  await main.getByText("100 %").waitFor();
  await main.getByText("Database and broker are well").waitFor();
  await main.getByRole("link", { name: /bad_payload.*air-2/ }).first().click();
  await page.getByRole("dialog").getByText("{nonsense").waitFor();
});

test("a product is made, set, and refuses a change of an older version", async () => {
  const page = await browser.visit("/products");
  await button(page, "New product").click();
  await field(page, "Key").fill("bad key");
  await button(page, "Create").click();
  assert.equal(await field(page, "Key").evaluate((input) => input.validity.valid), false);
  await field(page, "Key").fill("meter");
  await field(page, "Name").fill("<b>Meter</b>");
  await button(page, "Create").click();
  await page.getByRole("heading", { name: "meter" }).waitFor();
  await field(page, "Keep history for (days)").fill("14");
  await says(page, "Saved", () => done(page, "PATCH", "/products/meter", () => button(page, "Save").click()));
  const product = await platform.api("GET", "/products/meter");
  assert.equal(product.settings.retention_days, 14);
  assert.equal(await page.locator("main b").count(), 0, "a name is text");

  await field(page, "Name").fill("Meter 2");
  await platform.api("PATCH", "/products/meter", { description: "by somebody else" });
  await button(page, "Save").click();
  await page.getByRole("alert").getByText("version_conflict").waitFor();
  assert.equal(await field(page, "Name").inputValue(), "Meter 2", "what was typed is still there");
  await button(page, "Drop my changes").click();
  await page.getByRole("textbox", { name: "Description" }).and(page.getByText("by somebody else")).waitFor();
  assert.equal(await field(page, "Name").inputValue(), "<b>Meter</b>");
});

test("a new device's secret is shown once", async () => {
  const page = await browser.visit("/devices?product=air-monitor");
  await button(page, "New device").click();
  await field(page, "Key").fill("fresh-1");
  await field(page, "Tags").fill("roof north");
  await button(page, "Create").click();
  const secret = page.getByRole("dialog").locator("code").last();
  const shown = await secret.innerText();
  assert.match(shown, /^\S{16,}$/);
  await button(page, "Done").click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("heading", { name: "fresh-1" }).waitFor();
  await forgets(page, shown);
  const device = await platform.api("GET", "/products/air-monitor/devices/fresh-1");
  assert.deepEqual(device.tags, ["roof", "north"]);
});

test("filters and pages of the devices are in the address", async () => {
  await platform.api("POST", "/products", { key: "many" });
  for (let i = 100; i < 160; i++) await platform.api("POST", "/products/many/devices", { key: `many-${i}` });
  const page = await browser.visit("/devices");
  await page.getByLabel("Products").selectOption("many");
  await page.getByRole("link", { name: "many-100" }).waitFor();
  await button(page, "Next").click();
  await page.getByRole("link", { name: "many-159" }).waitFor();
  await page.reload();
  await page.getByRole("link", { name: "many-159" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "many-100" }).count(), 0);
  await button(page, "Back").click();
  await page.getByRole("link", { name: "many-100" }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("MANY-12");
  await until("the search is in the address", () => new URL(page.url()).searchParams.get("q") === "MANY-12");
  await page.getByText("10 entries").waitFor();
  await page.getByLabel("Presence").selectOption("true");
  await page.getByText("Nothing matches").waitFor();
  await button(page, "Clear filters").click();
  await page.getByRole("link", { name: "air-1" }).waitFor();
});

test("a device's values are live, drawn, and never markup", async () => {
  const page = await browser.visit("/devices/air-monitor/air-1");
  const value = page.getByRole("row", { name: /^.*temperature/ });
  await value.waitFor();
  await page.locator(".chart canvas").waitFor();
  await page.getByText("24 h", { exact: true }).click();
  await until("the range is in the address", () => new URL(page.url()).searchParams.get("range") === "24h");
  await page.getByLabel("humidity in the chart").click();
  await until("the property is in the address", () => new URL(page.url()).searchParams.get("show")?.includes("humidity"));
  const evil = { note: "<img src=x onerror=alert(1)>", site: "https://example.org/a", trap: "javascript:alert(2)" };
  await platform.publish("air-monitor", "air-1", "thing/event/property/post", JSON.stringify({ id: "1", params: evil }));
  await page.getByText(evil.note).waitFor();
  assert.equal(await page.locator("main img").count(), 0);
  assert.equal(await page.getByRole("link", { name: evil.site }).getAttribute("href"), evil.site);
  assert.match(await page.getByRole("link", { name: evil.site }).getAttribute("rel"), /noopener noreferrer/);
  await page.getByText(evil.trap).waitFor();
  assert.equal(await page.locator('a[href^="javascript"]').count(), 0);
});

test("events and connections of a device", async () => {
  await platform.publish("air-monitor", "air-1", "thing/event/overheated/post", JSON.stringify({ id: "2", params: { at: 81 } }));
  const page = await browser.visit("/devices/air-monitor/air-1?tab=events");
  await page.getByText("overheated").first().click();
  await page.locator("pre", { hasText: '"at": 81' }).waitFor();
  await page.getByRole("link", { name: "Connection" }).click();
  await page.getByRole("heading", { name: "Connections" }).waitFor();
  await page.getByText(/127\.0\.0\.1:\d+/).first().waitFor();
});

test("desired values are changed by a patch and sent to the device", async () => {
  const page = await browser.visit("/devices/air-monitor/air-1?tab=shadow");
  await button(page.locator("section", { hasText: "Desired" }).first(), "Edit").click();
  await field(page, "Desired").fill("{");
  await page.getByText("This is not a JSON object.").waitFor();
  await field(page, "Desired").fill('{"fan_speed": 2}');
  await done(page, "PATCH", /\/shadow$/, () => button(page, "Save").click());
  await page.getByText("version 1").waitFor();
  const shadow = await platform.api("GET", "/products/air-monitor/devices/air-1/shadow");
  assert.deepEqual(shadow.desired, { fan_speed: 2 });
  await page.getByText("in sync").waitFor();
});

test("a command is sent, answered by the device, and one that waits is cancelled", async () => {
  const page = await browser.visit("/devices/air-monitor/air-1?tab=commands");
  await field(page, "Parameters").fill('{"fan_speed": 1}');
  await button(page, "Send a command").click();
  await page.getByRole("listitem").filter({ hasText: '{"fan_speed":1}' }).getByText("succeeded").waitFor();

  await page.goto("/devices/air-monitor/fresh-1?tab=commands");
  await page.getByText("Call a service").click();
  await field(page, "Service").fill("reboot");
  await button(page, "Send a command").click();
  const item = page.getByRole("listitem").filter({ hasText: "reboot" });
  await item.getByText("queued").waitFor();
  await button(item, "Cancel").click();
  await item.getByText("canceled").waitFor();
});

test("dead letters are filtered, looked at as text and as bytes, replayed and discarded", async () => {
  const bad = '{"id":"9","params":"<script>alert(3)</script>';
  await platform.publish("air-monitor", "air-1", "thing/event/property/post", bad);
  await platform.publish("air-monitor", "air-1", "thing/event/property/post", Buffer.from([0, 255, 1]));
  const page = await browser.visit("/dead-letters?device=air-1");
  await page.getByText("2 entries").waitFor();
  await page.getByRole("row").last().getByRole("button").click();
  const sheet = page.getByRole("dialog");
  await sheet.getByText(bad).waitFor();
  await sheet.getByText("Hex", { exact: true }).click();
  await sheet.getByText("000000  7b 22 69 64").waitFor();
  await says(page, "The message failed again; the reason is updated.", () => button(sheet, "Replay").click());
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "detached" });
  await page.getByRole("row").nth(1).getByRole("button").click();
  await sheet.getByText("000000  00 ff 01").waitFor();
  await button(sheet, "Discard").click();
  await button(sheet, "Discard for good").click();
  await sheet.waitFor({ state: "detached" });
  await page.getByText("1 entry").waitFor();
  await button(page, "Discard all that match").click();
  await page.getByRole("dialog").getByText("device = air-1").waitFor();
  await button(page.getByRole("dialog"), "Discard").click();
  await page.getByText("Nothing matches").waitFor();
  const left = await platform.api("GET", "/dead-letters?device=air-2");
  assert.ok(left.items.length > 0, "only what matched is gone");
});

test("the pages are there in Chinese, in the dark, on a phone, and without a mouse", async () => {
  const phone = { viewport: { width: 375, height: 700 }, locale: "zh-CN", colorScheme: "dark" };
  for (const path of ["/", "/products", "/products/air-monitor", "/devices", "/devices/air-monitor/air-1", "/dead-letters"]) {
    const page = await browser.visit(path, phone);
    await page.getByRole("heading", { level: 1 }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), "zh-CN");
    assert.ok(await page.evaluate(() => document.documentElement.classList.contains("dark")));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(wide, 0, `${path} is wider than the phone`);
    await page.context().close();
  }
  const page = await browser.visit("/");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.locator("main#main:focus").waitFor();
});

test("what is missing or broken says so", async () => {
  const page = await browser.visit("/devices/air-monitor/nobody");
  await page.getByRole("alert").getByText(/^not_found · request \S+/).waitFor();
  await page.goto("/no/such/page");
  await page.getByText("There is no such page").waitFor();
  await page.goto("/devices?cursor=damaged");
  await page.getByRole("alert").getByText(/invalid_cursor/).waitFor();
});
