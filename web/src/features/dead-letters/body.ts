// SPDX-License-Identifier: Apache-2.0
// The bytes of a dead letter: the broker's hook as it came, and the device's message inside it.
import { fromBase64, isObject } from "@/lib/data";

export interface Body {
  hook: Uint8Array;
  /** Null: the hook is not readable (cut, not JSON) or carries none. */
  payload: Uint8Array | null;
}

export function readBody(body: string, encoding: "text" | "base64"): Body {
  const hook = encoding === "base64" ? (fromBase64(body) ?? new Uint8Array()) : new TextEncoder().encode(body);
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(hook));
    const payload = isObject(value) && typeof value.payload === "string" ? fromBase64(value.payload) : null;
    return { hook, payload };
  } catch {
    return { hook, payload: null };
  }
}
