// SPDX-License-Identifier: Apache-2.0
export function cx(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(" ");
}
