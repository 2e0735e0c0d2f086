// SPDX-License-Identifier: Apache-2.0
// Which devices a canary is for, in words.
import type { TFunction } from "i18next";

export function targetText(t: TFunction, target: Record<string, unknown> | null): string {
  if (!target) return "";
  if (typeof target.percent === "number") return t("scripts.target_percent", { n: target.percent });
  if (typeof target.tag === "string") return t("scripts.target_tag", { name: target.tag });
  if (typeof target.group === "string") return t("scripts.target_group", { name: target.group });
  return t("scripts.target_devices", { n: Array.isArray(target.devices) ? target.devices.length : 0 });
}
