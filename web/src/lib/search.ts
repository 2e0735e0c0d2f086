// SPDX-License-Identifier: Apache-2.0
// What stands in the address: anything may be there, what is not of its form is left out, so that bad links still open.

export function text(value: unknown, most = 200): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value !== "" && value.length <= most ? value : undefined;
}

export function oneOf<T extends string>(value: unknown, all: readonly T[]): T | undefined {
  return all.find((one) => one === value);
}

export function flag(value: unknown): boolean | undefined {
  return value === true || value === "true" ? true : value === false || value === "false" ? false : undefined;
}

export function whole(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

/** A day as date inputs give it. */
export function day(value: unknown): string | undefined {
  return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;
}

/** Without the members that say nothing, so that addresses stay short. */
export function tidy<T extends Record<string, unknown>>(search: T): Partial<T> {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Where to go after signing in: only to a page of this server. */
export function ownPath(value: unknown): { redirect?: string } {
  if (typeof value !== "string" || !/^\/(?![/\\])/.test(value)) return {};
  const url = new URL(value, location.origin);
  return url.origin === location.origin ? { redirect: url.pathname + url.search } : {};
}
