// SPDX-License-Identifier: Apache-2.0
// What the sign-in page offers beside passwords: a real OpenID provider, and a link for a lost password.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, existsSync } from "node:fs";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { button, field, stage } from "./harness.js";

const CLIENTS = fileURLToPath(new URL("../clients", import.meta.url));

let platform;
let browser;
let provider;
let issuer;

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** The provider knows Ann, who is staff, and Bob, who is nothing here. */
async function startProvider() {
  const port = await freePort();
  issuer = `http://127.0.0.1:${port}`;
  if (!existsSync(`${CLIENTS}/node_modules/oidc-provider`)) execFileSync("npm", ["ci", "--silent"], { cwd: CLIENTS });
  const about = {
    port, client_id: "things", client_secret: "secret", redirect_uri: `${platform.base}/api/v1/session/oidc/callback`,
  };
  provider = spawn("node", ["provider.js"], {
    cwd: CLIENTS, stdio: ["pipe", "pipe", "ignore"], env: { ...process.env, PROVIDER: JSON.stringify(about) },
  });
  const lines = createInterface({ input: provider.stdout })[Symbol.asyncIterator]();
  await lines.next();
  for (const [sub, groups] of [["ann", ["staff"]], ["bob", ["others"]]]) {
    provider.stdin.write(`${JSON.stringify({ person: { sub, groups, preferred_username: sub } })}\n`);
    await lines.next();
  }
}

function configure(settings) {
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`);
  appendFileSync(platform.stack.instances[0].config, lines.join(""));
  platform.order("stop", "thingd");
  platform.order("start", "thingd");
}

stage({ expected: (line) => line.endsWith(`asks ${issuer}`) }, async (...both) => {
  [platform, browser] = both;
});

after(() => provider?.kill());

test("nothing is offered that is not configured", async () => {
  const page = await browser.visit("/sign-in", { token: null });
  await button(page, "Sign in").waitFor();
  await page.waitForLoadState("networkidle");
  assert.equal(await page.getByRole("button", { name: /Sign in with|Forgot/ }).count(), 0);
});

test("somebody signs in at the provider and ends where they wanted", async () => {
  await startProvider();
  configure({
    "http.public_url": platform.base, "oidc.issuer": issuer, "oidc.client_id": "things", "oidc.client_secret": "secret",
    "oidc.name": "Test House", "oidc.roles": "staff=viewer",
    "mail.url": "smtp://127.0.0.1:9", "mail.from": "things@example.com", "mail.tls": "off",
  });
  const page = await browser.visit("/products", { token: null });
  await button(page, "Sign in with Test House").click();
  await field(page, "Who").fill("ann");
  await button(page, "Go").click();
  await page.getByRole("heading", { name: "Products" }).waitFor();
  assert.equal(new URL(page.url()).pathname, "/products");
  const cookies = (await page.context().cookies(platform.base)).filter((one) => one.name.startsWith("__Host-"));
  assert.deepEqual(cookies.map((one) => one.name).sort(), ["__Host-thingd", "__Host-thingd-device"]);
  assert.ok(cookies.every((one) => one.httpOnly && one.secure && one.sameSite === "Strict"));
  await page.reload();
  await page.getByRole("heading", { name: "Products" }).waitFor();
  await button(page, "Sign out").click();
  await button(page, "Sign in").waitFor();
});

test("somebody without a group stays out and reads why, in both languages", async () => {
  const page = await browser.visit("/", { token: null });
  await button(page, "Sign in with Test House").click();
  await field(page, "Who").fill("bob");
  await button(page, "Go").click();
  await page.getByRole("alert").getByText("none of your groups").waitFor();
  const chinese = await browser.visit("/sign-in?failed=no_role", { token: null, locale: "zh-CN" });
  await chinese.getByRole("alert").getByText("您所在的组无权进入").waitFor();
  const nonsense = await browser.visit("/sign-in?failed=<b>", { token: null });
  await button(nonsense, "Sign in").waitFor();
  assert.deepEqual(await nonsense.getByRole("alert").allTextContents(), []);
});

test("an address that leads away is not followed, neither there nor back", async () => {
  for (const redirect of ["//evil.example", "/\\evil.example", "https://evil.example/"]) {
    const page = await browser.visit(`/sign-in?redirect=${encodeURIComponent(redirect)}`, { token: null });
    await button(page, "Sign in with Test House").click();
    await field(page, "Who").fill("ann");
    await button(page, "Go").click();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    assert.equal(page.url(), `${platform.base}/`);
    await button(page, "Sign out").click();
    await button(page, "Sign in").waitFor();
    await page.goto(`/sign-in?redirect=${encodeURIComponent(redirect)}`);
    await page.getByText("API token", { exact: true }).click();
    await page.getByRole("textbox", { name: "API token" }).fill(platform.stack.admin_token);
    await button(page, "Sign in").click();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    assert.equal(page.url(), `${platform.base}/`);
  }
});

test("a lost password: the page says the same whoever asks", async () => {
  const page = await browser.visit("/sign-in", { token: null });
  await button(page, "Forgot the password?").click();
  await field(page, "Account or mail address").fill("nobody at all");
  await button(page, "Send the link").click();
  await page.getByRole("status").getByText("If there is such an account").waitFor();
  await button(page, "Back").click();
  await button(page, "Sign in").waitFor();
});
