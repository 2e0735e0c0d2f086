// SPDX-License-Identifier: Apache-2.0
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "@/lib/i18n";
import { Field, Input, Select } from "@/components/ui/form";
import { PageHead, Panel } from "@/components/ui/panel";
import { SaveForm } from "@/components/ui/save-form";
import { useMay } from "@/features/session/queries";
import type { Tagged } from "@/lib/api/client";
import { useDraft } from "@/lib/draft";
import { faultAt } from "@/lib/errors";
import { fromForm, NUMBERS, toForm } from "./fields";
import { settingsQuery, useUpdateSettings, type Settings as Values } from "./queries";

function Form({ settings, readOnly }: { settings: Tagged<Values>; readOnly: boolean }) {
  const { t, locale } = useTranslation();
  const update = useUpdateSettings();
  const draft = useDraft(settings, toForm);
  const { fields, set } = draft;
  const number = new Intl.NumberFormat(locale);
  return (
    <SaveForm draft={draft} update={update} body={() => fromForm(fields)} readOnly={readOnly}>
      <fieldset disabled={readOnly} className="grid gap-x-6 gap-y-4 md:grid-cols-2 xl:grid-cols-3">
        <Field label={t("platform.site_name")} hint={t("platform.site_name_hint")} error={faultAt(update.error, "/site_name")}>
          {(tie) => <Input {...tie} maxLength={100} value={fields.site_name} onChange={(event) => set({ site_name: event.target.value })} />}
        </Field>
        <Field label={t("platform.scripts")} hint={t("platform.scripts_hint")}>
          {(tie) => (
            <Select {...tie} value={fields.scripts_enabled} onChange={(event) => set({ scripts_enabled: event.target.value })}>
              <option value="true">{t("platform.scripts_on")}</option>
              <option value="false">{t("platform.scripts_off")}</option>
            </Select>
          )}
        </Field>
        {NUMBERS.map(({ name, normal, least, most }) => (
          <Field
            key={name}
            label={t(`platform.${name}`)}
            hint={t("platform.normal", { hint: t(`platform.${name}_hint`), n: number.format(normal) })}
            error={faultAt(update.error, `/${name}`)}
          >
            {(tie) => (
              <Input {...tie} type="number" min={least} max={most} placeholder={String(normal)} value={fields[name]}
                onChange={(event) => set({ [name]: event.target.value })} />
            )}
          </Field>
        ))}
      </fieldset>
    </SaveForm>
  );
}

export function Settings() {
  const { t } = useTranslation();
  const may = useMay();
  const { data } = useSuspenseQuery(settingsQuery);
  return (
    <>
      <PageHead title={t("nav.settings")} text={t("platform.text")} />
      <Panel>
        <Form settings={data} readOnly={!may("settings:update")} />
      </Panel>
    </>
  );
}
