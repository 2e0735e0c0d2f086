// SPDX-License-Identifier: Apache-2.0
// What a change changed: members that differ, by their path.
import { isObject } from "@/lib/data";

export interface Change {
  path: string;
  /** undefined: was not there. */
  before: unknown;
  after: unknown;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export function changesOf(before: unknown, after: unknown, path = ""): Change[] {
  if (same(before, after)) return [];
  if (!isObject(before) && !isObject(after)) return [{ path, before, after }];
  // Something made or removed is taken apart as well.
  const none = (value: unknown) => value === null || value === undefined;
  if ((!isObject(before) && !none(before)) || (!isObject(after) && !none(after))) return [{ path, before, after }];
  const a = isObject(before) ? before : {};
  const b = isObject(after) ? after : {};
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return names.flatMap((name) => {
    const inner = path ? `${path}.${name}` : name;
    const [was, is] = [Object.hasOwn(a, name) ? a[name] : undefined, Object.hasOwn(b, name) ? b[name] : undefined];
    const deep = (isObject(was) || isObject(is)) && (was === undefined || is === undefined || (isObject(was) && isObject(is)));
    if (deep) return changesOf(was, is, inner);
    return same(was, is) ? [] : [{ path: inner, before: was, after: is }];
  });
}
