// SPDX-License-Identifier: Apache-2.0
import { X } from "lucide-react";
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";
import type { LetterSearch } from "./queries";

type Change = { [K in keyof LetterSearch]?: LetterSearch[K] | undefined };

interface FiltersProps {
  search: LetterSearch;
  onChange: (change: Change) => void;
  onClear: (() => void) | null;
}

interface BoxProps {
  name: "reason" | "product" | "device";
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

function Box({ name, label, value = "", onChange }: BoxProps) {
  return (
    <input
      key={value}
      name={name}
      aria-label={label}
      placeholder={label}
      defaultValue={value}
      maxLength={name === "reason" ? 64 : 128}
      spellCheck={false}
      autoComplete="off"
      className="field w-40"
      onBlur={(event) => event.target.value.trim() !== value && onChange(event.target.value.trim() || undefined)}
    />
  );
}

export function LetterFilters({ search, onChange, onClear }: FiltersProps) {
  const { t } = useTranslation();
  return (
    <form
      className="mb-3 flex flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const get = (name: string) => String(form.get(name) ?? "").trim() || undefined;
        onChange({ reason: get("reason"), product: get("product"), device: get("device") });
      }}
    >
      <Box name="reason" label={t("letters.reason")} value={search.reason} onChange={(reason) => onChange({ reason })} />
      <Box name="product" label={t("field.product")} value={search.product} onChange={(product) => onChange({ product })} />
      <Box name="device" label={t("field.device")} value={search.device} onChange={(device) => onChange({ device })} />
      <label className="flex items-center gap-1.5 text-ink-3">
        {t("letters.from")}
        <input type="date" className="field" value={search.from ?? ""} onChange={(event) => onChange({ from: event.target.value || undefined })} />
      </label>
      <label className="flex items-center gap-1.5 text-ink-3">
        {t("letters.to")}
        <input type="date" className="field" value={search.to ?? ""} onChange={(event) => onChange({ to: event.target.value || undefined })} />
      </label>
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
