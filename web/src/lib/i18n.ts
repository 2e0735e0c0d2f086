// SPDX-License-Identifier: Apache-2.0
// Only the language in use is loaded, and of it only the sections of the pages that were opened.
import i18next, { type TFunction } from "i18next";
import { useMemo, useSyncExternalStore } from "react";
import type { Section, Texts } from "@/locales/texts";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: Texts };
  }
}

export const LANGUAGES = { en: "English", zh: "中文" } as const;
export type Language = keyof typeof LANGUAGES;

const files = import.meta.glob<object>("../locales/{en,zh}/*.ts", { import: "default" });
const wanted = new Set<Section>(["core"]);
const loads = new Map<string, Promise<void>>();

function chosen(): Language {
  let value: string | null = null;
  try {
    value = localStorage.getItem("language");
  } catch {
    // The browser's language holds then.
  }
  const choice = value ?? navigator.language;
  return choice.startsWith("zh") ? "zh" : "en";
}

function load(language: string, section: Section): Promise<void> {
  const path = `../locales/${language}/${section}.ts`;
  const known = loads.get(path);
  if (known) return known;
  const loading = (async () => {
    const texts = await files[path]?.();
    i18next.addResourceBundle(language, "translation", texts, true);
  })();
  loads.set(path, loading);
  loading.catch(() => loads.delete(path)); // the network may be back next time
  return loading;
}

/** For a page's loader: its texts are there when it is drawn. */
export async function loadTexts(...sections: Section[]): Promise<void> {
  for (const section of sections) wanted.add(section);
  await Promise.all(sections.map((section) => load(i18next.language, section)));
}

export async function startI18n(): Promise<void> {
  const language = chosen();
  await i18next.init({
    lng: language,
    resources: {},
    fallbackLng: false,
    interpolation: { escapeValue: false }, // React escapes
  });
  await setLanguage(language, false);
}

/** For what is loaded when it is wanted, with texts of its own: lazy(withTexts(["x"], () => import("./x"))). */
export function withTexts<T>(sections: Section[], load: () => Promise<T>): () => Promise<T> {
  return async () => (await Promise.all([load(), loadTexts(...sections)]))[0];
}

export async function setLanguage(language: Language, keep = true): Promise<void> {
  await Promise.all([...wanted].map((section) => load(language, section)));
  await i18next.changeLanguage(language);
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  if (!keep) return;
  try {
    localStorage.setItem("language", language);
  } catch {
    // Holds for this page then.
  }
}

function subscribe(listener: () => void): () => void {
  i18next.on("languageChanged", listener);
  return () => i18next.off("languageChanged", listener);
}

/** How dates and numbers are written: as in the viewer's country, when it speaks the language. */
function localeOf(language: string): string {
  return navigator.languages.find((one) => one.startsWith(language)) ?? language;
}

/** `t` in the language of now; the component is drawn again when it changes. */
export function useTranslation(): { t: TFunction; language: string; locale: string } {
  const language = useSyncExternalStore(subscribe, () => i18next.language);
  // A new function for each language, so that what is computed from it is computed again.
  return { t: useMemo(() => i18next.getFixedT(language), [language]), language, locale: localeOf(language) };
}
