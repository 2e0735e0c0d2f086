// SPDX-License-Identifier: Apache-2.0
/** Random, for Idempotency-Key; unlike crypto.randomUUID it also works on plain http. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}
