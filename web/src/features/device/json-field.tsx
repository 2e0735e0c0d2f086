// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";
import { useTranslation } from "@/lib/i18n";
import { Field, Textarea } from "@/components/ui/form";
import { isObject } from "@/lib/data";

/** The object that the text says, or null. */
export function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

interface JsonFieldProps {
  label: ReactNode;
  hint?: ReactNode;
  rows: number;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
}

export function JsonField({ label, hint, rows, value, onChange, error }: JsonFieldProps) {
  const { t } = useTranslation();
  const wrong = value.trim() !== "" && !parseObject(value) ? t("state.not_json_object") : error;
  return (
    <Field label={label} hint={hint} error={wrong}>
      {(tie) => (
        <Textarea
          {...tie}
          required
          rows={rows}
          className="font-mono text-xs leading-5"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
