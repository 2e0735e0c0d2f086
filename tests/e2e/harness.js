// SPDX-License-Identifier: Apache-2.0
// A private stack with simulated devices, and Chromium in front of it. Nothing here waits for time, only for things.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { after, afterEach, before } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "../../web/node_modules/playwright-core/index.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const THINGD = process.env.THINGD_BIN ?? `${ROOT}build/thingd`;
const CHROMIUM = process.env.CHROMIUM_BIN ?? "/usr/bin/chromium";
/** How many times slower the pages' processor is made, to see what a busy machine would bring about. */
const SLOWER = Number(process.env.E2E_SLOWER ?? 1);
const PATIENCE_MS = 60_000;
const LOOK_MS = 100;

/** Calls look until it returns something true; fails with its last word. */
export async function until(what, look) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}

export class Platform {
  #next = 1;

  static async up({ broker = true } = {}) {
    const options = ["up", "--json", "--owner", String(process.pid), ...(broker ? [] : ["--no-broker"])];
    const text = execFileSync(`${ROOT}tests/stack`, options, { encoding: "utf8", env: { ...process.env, THINGD_BIN: THINGD } });
    return new Platform(JSON.parse(text));
  }

  constructor(stack) {
    this.stack = stack;
    this.base = stack.http;
    this.simulated = null;
  }

  /** Answers the body of what must succeed. */
  async api(method, path, body, headers = {}) {
    const response = await fetch(`${this.base}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.stack.admin_token}`, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? null : response.json();
  }

  /** The demo product with that many devices that report every few seconds; returns when they have. */
  async simulate(count) {
    const { host } = new URL(this.stack.mqtt);
    const options = ["sim", "demo", "--api", this.base, "--token", this.stack.admin_token, "--mqtt", host, "--devices", String(count)];
    this.simulated = spawn(THINGD, options, { stdio: "ignore" });
    await until("the simulated devices have reported", async () => {
      const { items } = await this.api("GET", "/devices?product=air-monitor&online=true").catch(() => ({ items: [] }));
      if (items.length < count) return false;
      const latest = await this.api("GET", "/products/air-monitor/devices/air-1/latest");
      return "temperature" in latest.properties;
    });
  }

  /** kill (-9), stop or start one part of the stack. */
  order(what, part) {
    execFileSync(`${ROOT}tests/stack`, [what, this.stack.dir, part, "--json"]);
  }

  /** A product with one device that posts nothing by itself. */
  async device(product, device) {
    await this.api("POST", "/products", { key: product });
    await this.api("POST", `/products/${product}/devices`, { key: device });
  }

  report(product, device, params) {
    const payload = { id: String(this.#next++), params };
    return this.publish(product, device, "thing/event/property/post", JSON.stringify(payload));
  }

  /** One of the server's counters. */
  async metric(name) {
    const headers = { authorization: `Bearer ${this.stack.admin_token}` };
    const text = await (await fetch(`${this.base}/metrics`, { headers })).text();
    return Number(new RegExp(`^${name} (\\S+)`, "m").exec(text)?.[1]);
  }

  /** A message as the broker hands it on. */
  async publish(product, device, topic, payload) {
    const body = {
      action: "message_publish", node: 1, from_node: 1, from_clientid: device, from_username: product,
      topic: `${product}/${device}/${topic}`, payload: Buffer.from(payload).toString("base64"),
      packet_id: 1 + Math.floor(Math.random() * 65000), qos: 1, retain: false, dup: false, ts: Date.now(),
    };
    const response = await fetch(this.stack.hook, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`hook: ${response.status}`);
  }

  /** An account with a password of its own; answers what signs it in. */
  async account(key, roles) {
    const made = await this.api("POST", "/accounts", { key, roles });
    const password = `correct horse ${key}`;
    const headers = { "content-type": "application/json" };
    const session = await fetch(`${this.base}/api/v1/session`, {
      method: "POST", headers, body: JSON.stringify({ account: key, password: made.password }),
    });
    const { csrf_token } = await session.json();
    const cookie = session.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ");
    const changed = await fetch(`${this.base}/api/v1/session/password`, {
      method: "POST", headers: { ...headers, cookie, "x-csrf-token": csrf_token },
      body: JSON.stringify({ current: made.password, password }),
    });
    if (!changed.ok) throw new Error(`password: ${changed.status} ${await changed.text()}`);
    return { account: key, password };
  }

  async down() {
    if (this.simulated) {
      const gone = new Promise((done) => this.simulated.once("exit", done));
      this.simulated.kill("SIGTERM");
      await gone;
    }
    execFileSync(`${ROOT}tests/stack`, ["down", this.stack.dir]);
  }
}

export class Browser {
  static async open(platform) {
    const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
    return new Browser(platform, await chromium.launch({ executablePath: CHROMIUM, args }));
  }

  constructor(platform, chromium) {
    this.platform = platform;
    this.chromium = chromium;
    /** What no page may ever do; each test's end looks that there is none. */
    this.complaints = [];
  }

  /** A new visitor; signed in by the admin's token unless `token` is null. */
  async visit(path, { token = this.platform.stack.admin_token, ...options } = {}) {
    const context = await this.chromium.newContext({ baseURL: this.platform.base, locale: "en-GB", ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await this.#page(context);
    if (token) {
      await page.addInitScript((value) => {
        if (!sessionStorage.getItem("once")) sessionStorage.setItem("api-token", value);
        sessionStorage.setItem("once", "1");
      }, token);
    }
    await page.goto(path);
    return page;
  }

  /** A new visitor with a session of an account, as people have it. */
  async signIn({ account, password }, path, { init, ...options } = {}) {
    const context = await this.chromium.newContext({ baseURL: this.platform.base, locale: "en-GB", ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    if (init) await context.addInitScript(init);
    const page = await this.tab(context, "/sign-in");
    await field(page, "Account").last().fill(account);
    await field(page, "Password").fill(password);
    await button(page, "Sign in").click();
    await page.getByRole("heading", { level: 1 }).and(page.locator("main#main h1")).waitFor();
    await page.goto(path);
    return page;
  }

  /** One more tab of the same visitor. */
  async tab(context, path) {
    const page = await this.#page(context);
    await page.goto(path);
    return page;
  }

  async #page(context) {
    const page = await context.newPage();
    this.#watch(page);
    if (SLOWER > 1) {
      const devtools = await context.newCDPSession(page);
      await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    }
    return page;
  }

  #watch(page) {
    const complain = (text) => this.complaints.push(`${new URL(page.url()).pathname}: ${text}`);
    page.on("pageerror", (error) => complain(error.message));
    page.on("dialog", (dialog) => complain(`dialog: ${dialog.message()}`));
    page.on("console", (message) => {
      // Refused requests are written there too; the tests provoke some.
      const refused = message.text().startsWith("Failed to load resource");
      if (message.type() === "error" && !refused) complain(message.text());
    });
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol !== "data:" && url.origin !== this.platform.base) complain(`asks ${url.origin}`);
    });
  }

  async close() {
    await this.chromium.close();
  }
}

/**
 * One platform and one browser for all tests of a file. `ready` gets both before the first test. No test leaves a page
 * open, and none may bring a page to complain, but by a line that `expected` says yes to.
 */
export function stage({ broker = false, expected = () => false }, ready) {
  let platform;
  let browser;
  before(async () => {
    platform = await Platform.up({ broker });
    browser = await Browser.open(platform);
    await ready(platform, browser);
  });
  after(async () => {
    await browser?.close();
    await platform?.down();
  });
  afterEach(async () => {
    for (const context of browser.chromium.contexts()) await context.close();
    assert.deepEqual(browser.complaints.splice(0).filter((line) => !expected(line)), []);
  });
}

/** Does it, and waits until the server has done what it asks for. The path may be a pattern. */
export async function done(page, method, path, act) {
  const asked = (response) => {
    if (response.request().method() !== method) return false;
    const { pathname } = new URL(response.url());
    return path instanceof RegExp ? path.test(pathname) : pathname === `/api/v1${path}`;
  };
  const [response] = await Promise.all([page.waitForResponse(asked), act()]);
  assert.ok(response.ok(), `${method} ${path}: ${response.status()} ${response.ok() ? "" : await response.text()}`);
}

/** Does it, and sees the page say that for a moment. */
export async function says(page, text, act) {
  await Promise.all([page.getByRole("status").getByText(text).first().waitFor(), act()]);
}

/** Waits until a secret that was shown is nowhere on the page. */
export async function forgets(page, secret) {
  await page.waitForFunction((word) => !document.documentElement.outerHTML.includes(word), secret);
}

/** What a form control with this label holds; controls are named as people see them. */
export function field(page, label) {
  return page.getByLabel(label, { exact: true });
}

export function button(page, name) {
  return page.getByRole("button", { name, exact: true });
}
