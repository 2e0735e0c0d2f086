// SPDX-License-Identifier: Apache-2.0
// Short messages at the edge of the page, from anywhere.
import { useSyncExternalStore } from "react";
import { toApiError, type ApiError } from "@/lib/errors";

export interface Toast {
  id: number;
  text: string;
  error?: ApiError;
}

const SHOWN_MS = 5_000;
const SHOWN_ERROR_MS = 12_000;

let toasts: readonly Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function set(value: readonly Toast[]): void {
  toasts = value;
  for (const listener of listeners) listener();
}

function add(made: Omit<Toast, "id">): void {
  const id = next++;
  set([...toasts.slice(-3), { ...made, id }]);
  setTimeout(() => toast.close(id), made.error ? SHOWN_ERROR_MS : SHOWN_MS);
}

export const toast = {
  say: (text: string) => add({ text }),
  problem(error: unknown) {
    const problem = toApiError(error);
    add({ text: problem.detail ?? problem.title, error: problem });
  },
  close: (id: number) => set(toasts.filter((one) => one.id !== id)),
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(subscribe, () => toasts);
}
