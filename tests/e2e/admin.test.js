// SPDX-License-Identifier: Apache-2.0
// Accounts, roles, tokens, audit, groups, settings and one's own profile.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { button, done, field, forgets, says, stage } from "./harness.js";

let platform;
let browser;

stage({}, async (...both) => {
  [platform, browser] = both;
  await platform.device("pump", "pump-1");
});

/** Confirms a dangerous step by typing. */
async function confirm(page, word, action) {
  const dialog = page.getByRole("dialog");
  const go = button(dialog, action);
  await go.waitFor();
  assert.ok(await go.isDisabled(), "nothing happens before it is typed");
  await dialog.getByRole("textbox").fill(word);
  await go.click();
}

/** The code of an authenticator app (RFC 6238) for a secret in base32. */
function totp(secret) {
  const bits = [...secret.replace(/=+$/, "")].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac("sha1", key).update(step).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

test("an account is made with a password shown once, changed, reset by a link, and deleted", async () => {
  const page = await browser.visit("/accounts");
  await button(page, "New account").click();
  await field(page, "Key").fill("carla");
  await field(page, "Name").fill("Carla <b>");
  await page.getByLabel("Role 1", { exact: true }).selectOption("operator");
  await page.getByLabel("Product of role 1").selectOption("pump");
  await button(page, "Create").click();
  const password = await page.getByRole("dialog").locator("code").innerText();
  assert.match(password, /^\S{12,}$/);
  await button(page, "Done").click();
  await page.getByRole("heading", { name: "carla" }).waitFor();
  await forgets(page, password);
  const made = await platform.api("GET", "/accounts/carla");
  assert.deepEqual(made.roles, [{ role: "operator", product: "pump" }]);

  await button(page, "Add a role").click();
  await page.getByLabel("Role 2", { exact: true }).selectOption("viewer");
  await field(page, "Mail address").fill("carla@example.org");
  await says(page, "Saved", () => done(page, "PATCH", "/accounts/carla", () => button(page, "Save").click()));
  assert.equal((await platform.api("GET", "/accounts/carla")).roles.length, 2);

  await button(page, "Reset the password").click();
  await button(page, "Make the link").click();
  const link = await page.getByRole("dialog").locator("code").innerText();
  const other = await browser.visit(link.replace(platform.base, ""), { token: null });
  await field(other, "New password").fill("another horse battery");
  await field(other, "New password again").fill("another horse battery");
  await button(other, "Change the password").click();
  await other.getByText("The password is set.").waitFor();
  await button(page, "Done").click();

  await button(page, "Delete").click();
  await done(page, "DELETE", "/accounts/carla", () => confirm(page, "carla", "Delete"));
  await page.getByRole("heading", { name: "Accounts" }).waitFor();
  await page.getByRole("link", { name: "carla" }).waitFor({ state: "detached" });
});

test("what the server refuses stands at its field", async () => {
  const page = await browser.visit("/accounts");
  await platform.api("POST", "/accounts", { key: "taken", roles: [] });
  await button(page, "New account").click();
  await field(page, "Key").fill("taken");
  await button(page, "Create").click();
  await page.getByRole("alert").getByText(/conflict|exists/).first().waitFor();
});

test("a role is made from a built-in one, its permissions changed, and deleted", async () => {
  const page = await browser.visit("/roles");
  await page.getByRole("row", { name: /viewer.*built in/ }).waitFor();
  await button(page, "New role").click();
  await field(page, "Key").fill("night-shift");
  await page.getByLabel("Begin with the permissions of").selectOption("viewer");
  await button(page, "Create").click();
  await page.getByRole("heading", { name: "night-shift" }).waitFor();
  await page.getByRole("checkbox", { name: "commands:create" }).check();
  await page.getByRole("checkbox", { name: "devices:read" }).uncheck();
  await says(page, "Saved", () => done(page, "PATCH", "/roles/night-shift", () => button(page, "Save").click()));
  const { permissions } = await platform.api("GET", "/roles/night-shift");
  assert.ok(permissions.includes("commands:create") && !permissions.includes("devices:read"));
  await button(page, "Delete").click();
  await done(page, "DELETE", "/roles/night-shift", () => confirm(page, "night-shift", "Delete"));
  await page.getByRole("heading", { name: "Roles" }).waitFor();
  await page.goto("/roles/admin");
  await page.getByText("cannot be changed").waitFor();
  assert.ok(await page.getByRole("checkbox", { name: "accounts:create" }).isDisabled());
});

test("a token is shown once, works within its products, and is revoked", async () => {
  const page = await browser.visit("/tokens");
  await button(page, "New token").click();
  await field(page, "Name").fill("billing");
  await page.getByText("some products").click();
  await page.getByLabel("pump").check();
  await button(page, "Create").click();
  const token = await page.getByRole("dialog").locator("code").innerText();
  await button(page, "Done").click();
  await page.getByRole("row", { name: /billing.*viewer.*pump/ }).waitFor();
  await forgets(page, token);
  const ask = (path) => fetch(`${platform.base}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await ask("/products/pump")).status, 200);
  await page.getByRole("button", { name: "Revoke billing" }).click();
  await says(page, "The token is revoked.", () =>
    done(page, "DELETE", /\/tokens\/\d+$/, () => confirm(page, "billing", "Revoke")));
  assert.equal((await ask("/products/pump")).status, 401);
});

test("the audit is filtered, and shows what differs", async () => {
  await platform.api("PATCH", "/products/pump", { description: "at the river" });
  const page = await browser.visit("/audit?action=products%3Aupdate");
  await page.getByText("products:update").first().click();
  const changes = page.getByRole("table", { name: "What changed" }).first();
  await changes.getByRole("row", { name: /description.*at the river/ }).waitFor();
  await field(page, "Who").fill("nobody");
  await page.keyboard.press("Enter");
  await page.getByText("Nothing matches").waitFor();
  assert.equal(new URL(page.url()).searchParams.get("actor"), "nobody");
});

test("a static group gets and loses devices, a group by query finds them", async () => {
  const page = await browser.visit("/groups");
  await button(page, "New group").first().click();
  await field(page, "Key").fill("river");
  await button(page, "Create").click();
  await page.getByRole("heading", { name: "river" }).waitFor();
  await button(page, "Add devices").click();
  await field(page, "Keys of the devices").fill("pump-1, nobody");
  await says(page, "Not there: nobody", () => button(page, "Add").click());
  await page.getByRole("checkbox", { name: "Choose pump-1" }).check();
  await button(page, "Remove 1 device").click();
  await page.getByText("No devices").waitFor();

  await page.goto("/groups");
  await button(page, "New group").click();
  await field(page, "Key").fill("pumps");
  await page.getByText("by query", { exact: true }).last().click();
  await field(page, "Key or name holds").fill("pump");
  await button(page, "Create").click();
  await page.getByRole("link", { name: "pump-1" }).waitFor();
});

test("settings are changed and fall back to what is normal", async () => {
  const page = await browser.visit("/settings");
  await field(page, "Sessions end after (days)").fill("3");
  await field(page, "Name of this site").fill("Plant 4");
  await says(page, "Saved", () => done(page, "PATCH", "/settings", () => button(page, "Save").click()));
  assert.equal((await platform.api("GET", "/settings")).session_days, 3);
  await field(page, "Sessions end after (days)").fill("");
  await done(page, "PATCH", "/settings", () => button(page, "Save").click());
  assert.equal((await platform.api("GET", "/settings")).session_days, undefined);
});

test("a second factor is set up with an app, asked for at sign-in, and turned off", async () => {
  const dora = await platform.account("dora", [{ role: "viewer" }]);
  const page = await browser.signIn(dora, "/profile");
  await button(page, "Set up").click();
  await page.getByRole("dialog").getByLabel("Current password").fill(dora.password);
  await button(page, "Next").click();
  await page.getByRole("img", { name: "QR code for the authenticator app" }).waitFor();
  const secret = await page.getByRole("dialog").locator("code").innerText();
  await field(page, "Code").fill(totp(secret));
  await button(page, "Turn on").click();
  await page.getByText("Recovery codes").waitFor();
  const [code] = (await page.getByRole("dialog").locator("code").innerText()).split(" ");
  await button(page, "Done").click();
  await page.getByRole("button", { name: "Turn off" }).waitFor();

  const other = await browser.visit("/sign-in", { token: null });
  await field(other, "Account").last().fill("dora");
  await field(other, "Password").fill(dora.password);
  await button(other, "Sign in").click();
  await field(other, "Code").fill(code);
  await button(other, "Sign in").click();
  await other.getByRole("heading", { name: "Overview" }).waitFor();

  await page.reload();
  const others = page.getByRole("listitem").getByRole("button", { name: "Sign out" });
  await done(page, "DELETE", /\/sessions\/\d+$/, () => others.first().click());
  await other.goto("/");
  await button(other, "Sign in").waitFor();
  await button(page, "Turn off").click();
  await page.getByRole("dialog").getByLabel("Current password").fill(dora.password);
  await says(page, "The second factor is off.", () => button(page.getByRole("dialog"), "Turn off").click());
});
