// SPDX-License-Identifier: Apache-2.0
// Texts and days by which a list is filtered; a text counts when its box is left or Enter is pressed.
import { X } from "lucide-react";
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";

type Values = Record<string, string | undefined>;

interface FiltersProps {
  texts: readonly { name: string; label: string; most: number }[];
  /** Also by day, as `from` and `to`. */
  days?: boolean;
  values: object;
  onChange: (change: Values) => void;
  onClear: (() => void) | null;
}

export function Filters({ texts, days, values, onChange, onClear }: FiltersProps) {
  const { t } = useTranslation();
  const now = values as Values;
  return (
    <form
      className="mb-3 flex flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        onChange(Object.fromEntries(texts.map(({ name }) => [name, String(form.get(name) ?? "").trim() || undefined])));
      }}
    >
      {texts.map(({ name, label, most }) => (
        <input
          key={`${name} ${now[name] ?? ""}`}
          name={name}
          aria-label={label}
          placeholder={label}
          defaultValue={now[name] ?? ""}
          maxLength={most}
          spellCheck={false}
          autoComplete="off"
          className="field w-40"
          onBlur={(event) => {
            const value = event.target.value.trim();
            if (value !== (now[name] ?? "")) onChange({ [name]: value || undefined });
          }}
        />
      ))}
      {days &&
        (["from", "to"] as const).map((name) => (
          <label key={name} className="flex items-center gap-1.5 text-ink-3">
            {t(`table.${name}`)}
            <input
              type="date"
              className="field"
              value={now[name] ?? ""}
              onChange={(event) => onChange({ [name]: event.target.value || undefined })}
            />
          </label>
        ))}
      <button type="submit" className="sr-only" tabIndex={-1}>
        {t("table.apply")}
      </button>
      {onClear && (
        <Button kind="quiet" onClick={onClear}>
          <X className="size-3.5" aria-hidden /> {t("table.clear")}
        </Button>
      )}
    </form>
  );
}
