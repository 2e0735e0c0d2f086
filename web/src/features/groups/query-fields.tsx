// SPDX-License-Identifier: Apache-2.0
// The saved query of a group: filters of the device list.
import { useTranslation } from "@/lib/i18n";
import { Field, Input, Select } from "@/components/ui/form";
import { SOURCES } from "@/features/devices/search";
import type { DeviceQuery } from "./queries";

interface QueryFieldsProps {
  query: DeviceQuery;
  onChange: (query: DeviceQuery) => void;
}

const TEXTS = ["q", "tag", "attribute"] as const;

export function QueryFields({ query, onChange }: QueryFieldsProps) {
  const { t } = useTranslation();
  const set = (name: keyof DeviceQuery, value: string) => {
    const { [name]: _, ...rest } = query;
    onChange(value === "" ? rest : { ...rest, [name]: value });
  };
  const choices = {
    online: [["true", t("presence.online")], ["false", t("presence.offline")]],
    enabled: [["true", t("field.enabled")], ["false", t("field.disabled")]],
    source: SOURCES.map((source) => [source, t(`groups.source_${source}`)]),
  } as const;
  return (
    <fieldset className="grid gap-4 sm:grid-cols-2">
      <legend className="mb-2 text-ink-3">{t("groups.query_hint")}</legend>
      {TEXTS.map((name) => (
        <Field key={name} label={t(`groups.query_${name}`)}>
          {(tie) => <Input {...tie} maxLength={500} value={query[name] ?? ""} onChange={(event) => set(name, event.target.value)} />}
        </Field>
      ))}
      {(["online", "enabled", "source"] as const).map((name) => (
        <Field key={name} label={t(`groups.query_${name}`)}>
          {(tie) => (
            <Select {...tie} value={query[name] ?? ""} onChange={(event) => set(name, event.target.value)}>
              <option value="">{t("groups.any")}</option>
              {choices[name].map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
      ))}
    </fieldset>
  );
}
