// SPDX-License-Identifier: Apache-2.0
import { Languages, Monitor, Moon, Sun } from "lucide-react";
import { IconButton } from "@/components/ui/button";
import { useTranslation, LANGUAGES, setLanguage, type Language } from "@/lib/i18n";
import { setTheme, useTheme, type ThemeChoice } from "@/lib/theme";

const NEXT: Record<ThemeChoice, ThemeChoice> = { system: "light", light: "dark", dark: "system" };
const ICONS = { system: Monitor, light: Sun, dark: Moon };

export function ThemeButton() {
  const { t } = useTranslation();
  const { choice } = useTheme();
  const Icon = ICONS[choice];
  return (
    <IconButton label={t(`theme.${choice}`)} onClick={() => setTheme(NEXT[choice])}>
      <Icon className="size-4" aria-hidden />
    </IconButton>
  );
}

export function LanguageMenu() {
  const { t, language } = useTranslation();
  const other: Language = language === "zh" ? "en" : "zh";
  return (
    <IconButton label={t("nav.language", { name: LANGUAGES[other] })} onClick={() => void setLanguage(other)}>
      <Languages className="size-4" aria-hidden />
    </IconButton>
  );
}
