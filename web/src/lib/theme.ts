// SPDX-License-Identifier: Apache-2.0
// Light, dark, or what the system says. public/theme.js does the same before the first paint.
import { useSyncExternalStore } from "react";

export type ThemeChoice = "light" | "dark" | "system";

const dark = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();
let choice: ThemeChoice = read();

function read(): ThemeChoice {
  try {
    const value = localStorage.getItem("theme");
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

function isDark(): boolean {
  return choice === "dark" || (choice === "system" && dark.matches);
}

function apply(): void {
  document.documentElement.classList.toggle("dark", isDark());
  for (const listener of listeners) listener();
}

dark.addEventListener("change", apply);

export function setTheme(value: ThemeChoice): void {
  choice = value;
  try {
    if (value === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", value);
  } catch {
    // Holds for this page then.
  }
  apply();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useTheme(): { choice: ThemeChoice; dark: boolean } {
  const chosen = useSyncExternalStore(subscribe, () => choice);
  return { choice: chosen, dark: useSyncExternalStore(subscribe, isDark) };
}
