// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { fromForm, toForm } from "./fields";

it("shows what differs from the defaults, and restores them when it is cleared", () => {
  const form = toForm({ session_days: 3, site_name: "Plant 4" });
  expect(form).toMatchObject({ session_days: "3", session_idle_minutes: "", site_name: "Plant 4" });
  expect(fromForm({ ...form, session_days: "", rate_per_minute: "100", site_name: "" })).toEqual({
    session_idle_minutes: null,
    session_days: null,
    rate_per_minute: 100,
    rate_open_per_minute: null,
    statistics_days: null,
    site_name: null,
    scripts_enabled: null,
  });
});
