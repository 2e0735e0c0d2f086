// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { fromForm, toForm } from "./fields";
import type { Product } from "./queries";

const product = {
  key: "p",
  name: "n",
  description: "",
  enabled: true,
  settings: { auth: "product_key", auto_provision: { enabled: true, pattern: "x-" }, retention_days: 30 },
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
} satisfies Product;

it("comes back as it was", () => {
  expect(fromForm(toForm(product), product).settings).toMatchObject(product.settings);
});

it("takes a cleared number out and leaves the others alone", () => {
  const patch = fromForm({ ...toForm(product), retentionDays: "" }, product);
  expect(patch.settings).toHaveProperty("retention_days", null);
  expect(patch.settings).not.toHaveProperty("auth_window");
});

it("ends provisioning when devices get keys of their own", () => {
  const patch = fromForm({ ...toForm(product), auth: "device_key" }, product);
  expect(patch.settings).toMatchObject({ auth: "device_key", auto_provision: { enabled: false } });
});
