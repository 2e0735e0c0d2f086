// SPDX-License-Identifier: Apache-2.0
// The settings as the form has them. What is left empty has the server's default, which is shown in its place.
import type { Schemas } from "@/lib/api/client";
import type { Settings } from "./queries";

export const NUMBERS = [
  { name: "session_idle_minutes", normal: 720, least: 5, most: 43_200 },
  { name: "session_days", normal: 7, least: 1, most: 365 },
  { name: "rate_per_minute", normal: 60_000, least: 60, most: 10_000_000 },
  { name: "rate_open_per_minute", normal: 1_200, least: 60, most: 10_000_000 },
  { name: "statistics_days", normal: 30, least: 1, most: 3_650 },
] as const;

export type NumberName = (typeof NUMBERS)[number]["name"];

export type SettingsFields = Record<NumberName | "site_name" | "scripts_enabled", string>;

export function toForm(settings: Settings): SettingsFields {
  const numbers = NUMBERS.map(({ name }) => [name, settings[name] === undefined ? "" : String(settings[name])]);
  return { ...Object.fromEntries(numbers), site_name: settings.site_name ?? "", scripts_enabled: String(settings.scripts_enabled ?? true) } as SettingsFields;
}

/** A merge patch: null restores the default. */
export function fromForm(fields: SettingsFields): Schemas["SettingsPatch"] {
  const numbers = NUMBERS.map(({ name }) => [name, fields[name] === "" ? null : Number(fields[name])]);
  return { ...Object.fromEntries(numbers), site_name: fields.site_name || null, scripts_enabled: fields.scripts_enabled === "true" ? null : false } as Schemas["SettingsPatch"];
}
