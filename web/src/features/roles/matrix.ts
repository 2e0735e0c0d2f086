// SPDX-License-Identifier: Apache-2.0
// Permissions as a matrix: what they are about, and what may be done with it.
import type { Catalogue } from "./queries";

export interface MatrixRow {
  resource: string;
  permissions: string[];
}

export function toMatrix({ permissions }: Catalogue): MatrixRow[] {
  const rows = new Map<string, string[]>();
  for (const { permission } of permissions) {
    const resource = permission.slice(0, permission.indexOf(":"));
    const row = rows.get(resource);
    if (row) row.push(permission);
    else rows.set(resource, [permission]);
  }
  return [...rows].map(([resource, list]) => ({ resource, permissions: list }));
}

export function actionOf(permission: string): string {
  return permission.slice(permission.indexOf(":") + 1);
}

/** What a built-in role may: all of its level and of those below. */
export function builtin({ permissions, roles }: Catalogue, role: string): Set<string> {
  const most = roles.indexOf(role);
  return new Set(permissions.filter(({ level }) => roles.indexOf(level) <= most).map(({ permission }) => permission));
}
