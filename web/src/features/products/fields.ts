// SPDX-License-Identifier: Apache-2.0
// A product as its form has it, and back. A cleared number is taken out of the settings: the server's value holds.
import type { Schemas } from "@/lib/api/client";
import type { Product, Settings } from "./queries";

export interface ProductFields {
  name: string;
  description: string;
  enabled: boolean;
  auth: NonNullable<Settings["auth"]>;
  provision: boolean;
  pattern: string;
  validation: NonNullable<Settings["validation"]>;
  onScriptError: NonNullable<Settings["on_script_error"]>;
  commandFormat: NonNullable<Settings["command_format"]>;
  payloadLimit: string;
  retentionDays: string;
  authWindow: string;
}

function shown(n: number | undefined): string {
  return n === undefined ? "" : String(n);
}

export function toForm(product: Product): ProductFields {
  const settings = product.settings;
  return {
    name: product.name,
    description: product.description,
    enabled: product.enabled,
    auth: settings.auth ?? "device_key",
    provision: settings.auto_provision?.enabled ?? false,
    pattern: settings.auto_provision?.pattern ?? "",
    validation: settings.validation ?? "off",
    onScriptError: settings.on_script_error ?? "dead_letter",
    commandFormat: settings.command_format ?? "plain",
    payloadLimit: shown(settings.payload_limit),
    retentionDays: shown(settings.retention_days),
    authWindow: shown(settings.auth_window),
  };
}

export function fromForm(fields: ProductFields, product: Product): Schemas["ProductPatch"] {
  const provision = fields.auth === "product_key" && fields.provision;
  const old = product.settings;
  // A merge patch: null removes what was there.
  const number = (text: string, before: number | undefined) =>
    text.trim() !== "" ? Number(text) : before === undefined ? undefined : null;
  const settings = {
    auth: fields.auth,
    validation: fields.validation,
    on_script_error: fields.onScriptError,
    command_format: fields.commandFormat,
    payload_limit: number(fields.payloadLimit, old.payload_limit),
    retention_days: number(fields.retentionDays, old.retention_days),
    auth_window: number(fields.authWindow, old.auth_window),
    ...(provision || old.auto_provision ? { auto_provision: { enabled: provision, pattern: fields.pattern } } : {}),
  };
  return {
    name: fields.name,
    description: fields.description,
    enabled: fields.enabled,
    settings: Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)),
  };
}
