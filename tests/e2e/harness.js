// SPDX-License-Identifier: Apache-2.0
// A private stack with simulated devices, and Chromium in front of it. Nothing here waits for time, only for things.
import { execFileSync, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { chromium } from "../../web/node_modules/playwright-core/index.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const THINGD = process.env.THINGD_BIN ?? `${ROOT}build/thingd`;
const CHROMIUM = process.env.CHROMIUM_BIN ?? "/usr/bin/chromium";
const PATIENCE_MS = 20_000;
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
  static async up() {
    const options = ["up", "--json", "--owner", String(process.pid)];
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
    const page = await context.newPage();
    this.#watch(page);
    if (token) {
      await page.addInitScript((value) => {
        if (!sessionStorage.getItem("once")) sessionStorage.setItem("api-token", value);
        sessionStorage.setItem("once", "1");
      }, token);
    }
    await page.goto(path);
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

/** What a form control with this label holds; controls are named as people see them. */
export function field(page, label) {
  return page.getByLabel(label, { exact: true });
}

export function button(page, name) {
  return page.getByRole("button", { name, exact: true });
}
