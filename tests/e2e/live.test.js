// SPDX-License-Identifier: Apache-2.0
// The dashboard follows the server by one stream per browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage, until } from "./harness.js";

const DEVICE = "/devices/live/live-1";

let platform;
let browser;
let ann;

stage({}, async (...both) => {
  [platform, browser] = both;
  await platform.device("live", "live-1");
  ann = await platform.account("ann", [{ role: "viewer" }]);
});

/** Streams that were ever opened. */
const streams = () => platform.metric("thingd_live_opened_total");

const live = (page) => page.getByRole("status").getByText("Live", { exact: true }).waitFor();

const shows = (page, name, value) => page.getByRole("row", { name: new RegExp(`\\b${name}\\b.*\\b${value}\\b`) }).waitFor();

/** The page shows that value as soon as it is reported, and does not ask for it. */
async function follows(page, name, value) {
  let asked = 0;
  const onRequest = (request) => request.url().endsWith("/latest") && asked++;
  page.on("request", onRequest);
  let round = 0;
  // It asks when the stream begins, and once a minute.
  await until("a report shows that was not asked for", async () => {
    asked = 0;
    const each = `${name}_${round++}`;
    await platform.report("live", "live-1", { [each]: value });
    await shows(page, each, value);
    return asked === 0;
  });
  page.off("request", onRequest);
  await platform.report("live", "live-1", { [name]: value });
  await shows(page, name, value);
}

test("a value on the open page changes without asking, for an account and for a token", async () => {
  const page = await browser.signIn(ann, DEVICE);
  await live(page);
  await follows(page, "temperature", 21.5);
  const other = await browser.visit(DEVICE);
  await live(other);
  await follows(other, "temperature", 22.5);
});

test("the list follows what devices report", async () => {
  const page = await browser.signIn(ann, "/devices?product=live");
  await live(page);
  await platform.api("POST", "/products/live/devices", { key: "live-2" });
  await page.goto("/devices?product=live");
  await live(page);
  await page.getByRole("row", { name: /live-2.*never/ }).waitFor();
  await platform.report("live", "live-2", { a: 1 });
  await page.getByRole("row", { name: /live-2.*(now|ago)/ }).waitFor();
});

test("the chart goes on with the reports", async () => {
  await platform.report("live", "live-1", { level: 1 });
  const page = await browser.signIn(ann, `${DEVICE}?show=level`);
  await live(page);
  const legend = page.locator(".chart .u-legend");
  await legend.waitFor();
  await platform.report("live", "live-1", { level: 4711 });
  const plot = page.locator(".chart .u-over");
  await until("the newest point is under the pointer", async () => {
    const box = await plot.boundingBox();
    await page.mouse.move(box.x + box.width - 9, box.y + 50);
    await page.mouse.move(box.x + box.width - 1, box.y + 50);
    return Number((await legend.locator(".u-series", { hasText: "level" }).first().locator(".u-value").innerText()) || 0) > 1;
  });
});

test("two tabs share one stream, also without shared workers, and when the one that holds it closes", async () => {
  for (const init of [undefined, () => delete globalThis.SharedWorker]) {
    const first = await browser.signIn(ann, DEVICE, { init });
    await live(first);
    const before = await streams();
    const second = await browser.tab(first.context(), DEVICE);
    await live(second);
    await follows(second, "shared", init ? 2 : 1);
    await shows(first, "shared", init ? 2 : 1);
    assert.equal(await streams(), before, "the second tab opened no stream");
    await first.close();
    await platform.report("live", "live-1", { alone: init ? 4 : 3 });
    await shows(second, "alone", init ? 4 : 3);
    const wanted = before + (init ? 1 : 0);
    await until("one tab took over what the other held", async () => (await streams()) === wanted);
    await second.context().close();
  }
});

test("without any stream the page still changes", async () => {
  const page = await browser.signIn(ann, "/");
  await page.context().route("**/api/v1/events", (route) => route.fulfill({ status: 403, body: "{}" }));
  await page.addInitScript(() => delete globalThis.SharedWorker);
  await page.goto(DEVICE);
  await page.getByRole("status").getByText("Updated every few seconds").waitFor();
  await platform.report("live", "live-1", { polled: 9 });
  await shows(page, "polled", 9);
});

test("a restart of the server is seen, and what was missed is caught up", async () => {
  const page = await browser.signIn(ann, DEVICE);
  await live(page);
  platform.order("kill", "thingd");
  await page.getByText("Reconnecting", { exact: true }).waitFor();
  platform.order("start", "thingd");
  await platform.report("live", "live-1", { after: 5 });
  await shows(page, "after", 5);
  await live(page);
  await follows(page, "again", 6);
});

test("a right that is taken away ends what it showed", async () => {
  await platform.api("POST", "/roles", { key: "sees-values", permissions: ["devices:read", "latest:read", "products:read"] });
  const bob = await platform.account("bob", [{ role: "sees-values" }]);
  const page = await browser.signIn(bob, DEVICE);
  await live(page);
  await follows(page, "secret", 1);
  await platform.api("PATCH", "/roles/sees-values", { permissions: ["devices:read", "products:read"] });
  await page.getByText("Updated every few seconds").waitFor();
  await platform.report("live", "live-1", { secret: 2 });
  await page.waitForResponse((answer) => answer.url().endsWith("/latest") && answer.status() === 403);
  assert.equal(await page.getByRole("row", { name: /secret.*2/ }).count(), 0);
});
