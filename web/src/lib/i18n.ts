// SPDX-License-Identifier: Apache-2.0
// Only the language in use is loaded.
import i18next, { type TFunction } from "i18next";
import { useMemo, useSyncExternalStore } from "react";
import type en from "@/locales/en";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof en };
  }
}

export const LANGUAGES = { en: "English", zh: "中文" } as const;
export type Language = keyof typeof LANGUAGES;

const loaders: Record<Language, () => Promise<{ default: object }>> = {
  en: () => import("@/locales/en"),
  zh: () => import("@/locales/zh"),
};

function chosen(): Language {
  let value: string | null = null;
  try {
    value = localStorage.getItem("language");
  } catch {
    // The browser's language holds then.
  }
  const wanted = value ?? navigator.language;
  return wanted.startsWith("zh") ? "zh" : "en";
}

async function load(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, "translation")) {
    i18next.addResourceBundle(language, "translation", (await loaders[language]()).default);
  }
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

export async function setLanguage(language: Language, keep = true): Promise<void> {
  await load(language);
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
