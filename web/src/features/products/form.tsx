// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from "@/lib/i18n";
import { Field, Input, Select, Textarea } from "@/components/ui/form";
import { SaveForm } from "@/components/ui/save-form";
import type { Tagged } from "@/lib/api/client";
import { useDraft } from "@/lib/draft";
import { faultAt } from "@/lib/errors";
import { fromForm, toForm, type ProductFields } from "./fields";
import { useUpdateProduct, type Product } from "./queries";

interface ProductFormProps {
  product: Tagged<Product>;
  readOnly: boolean;
}

export function ProductForm({ product, readOnly }: ProductFormProps) {
  const { t } = useTranslation();
  const update = useUpdateProduct(product.data.key);
  const draft = useDraft(product, toForm);
  const { fields, set } = draft;
  const fault = (path: string) => faultAt(update.error, path);
  return (
    <SaveForm draft={draft} update={update} body={() => fromForm(fields, draft.base)} readOnly={readOnly}>
      <fieldset disabled={readOnly} className="grid gap-x-6 gap-y-4 md:grid-cols-2 xl:grid-cols-3">
        <Field label={t("field.name")} error={fault("/name")}>
          {(tie) => (
            <Input {...tie} maxLength={200} value={fields.name} onChange={(event) => set({ name: event.target.value })} />
          )}
        </Field>
        <div className="md:row-span-2 xl:col-span-2">
          <Field label={t("field.description")} error={fault("/description")}>
            {(tie) => (
              <Textarea {...tie} rows={4} maxLength={4000} value={fields.description}
                onChange={(event) => set({ description: event.target.value })} />
            )}
          </Field>
        </div>
        <Field label={t("field.state")} hint={t("settings.enabled_hint")}>
          {(tie) => (
            <Select {...tie} value={String(fields.enabled)} onChange={(event) => set({ enabled: event.target.value === "true" })}>
              <option value="true">{t("field.enabled")}</option>
              <option value="false">{t("field.disabled")}</option>
            </Select>
          )}
        </Field>
        <Field label={t("settings.auth")} hint={t("settings.auth_hint")} error={fault("/settings/auth")}>
          {(tie) => (
            <Select {...tie} value={fields.auth} onChange={(event) => set({ auth: event.target.value as ProductFields["auth"] })}>
              <option value="device_key">{t("settings.auth_device_key")}</option>
              <option value="product_key">{t("settings.auth_product_key")}</option>
              <option value="script">{t("settings.auth_script")}</option>
            </Select>
          )}
        </Field>
        <Field label={t("settings.provision")} hint={t("settings.provision_hint")}>
          {(tie) => (
            <Select {...tie} disabled={fields.auth !== "product_key"} value={String(fields.provision)}
              onChange={(event) => set({ provision: event.target.value === "true" })}>
              <option value="false">{t("settings.off")}</option>
              <option value="true">{t("settings.on")}</option>
            </Select>
          )}
        </Field>
        <Field label={t("settings.pattern")} hint={t("settings.pattern_hint")} error={fault("/settings/auto_provision/pattern")}>
          {(tie) => (
            <Input {...tie} className="font-mono" disabled={!fields.provision} pattern="[A-Za-z0-9_\-]{0,128}"
              value={fields.pattern} onChange={(event) => set({ pattern: event.target.value })} />
          )}
        </Field>
        <Field label={t("settings.validation")} hint={t("settings.validation_hint")}>
          {(tie) => (
            <Select {...tie} value={fields.validation}
              onChange={(event) => set({ validation: event.target.value as ProductFields["validation"] })}>
              <option value="off">{t("settings.off")}</option>
              <option value="warn">{t("settings.warn")}</option>
              <option value="reject">{t("settings.reject")}</option>
            </Select>
          )}
        </Field>
        <Field label={t("settings.on_script_error")} hint={t("settings.on_script_error_hint")}>
          {(tie) => (
            <Select {...tie} value={fields.onScriptError}
              onChange={(event) => set({ onScriptError: event.target.value as ProductFields["onScriptError"] })}>
              <option value="dead_letter">{t("settings.dead_letter")}</option>
              <option value="store_raw">{t("settings.store_raw")}</option>
            </Select>
          )}
        </Field>
        <Field label={t("settings.command_format")} hint={t("settings.command_format_hint")}>
          {(tie) => (
            <Select {...tie} value={fields.commandFormat}
              onChange={(event) => set({ commandFormat: event.target.value as ProductFields["commandFormat"] })}>
              <option value="plain">plain</option>
              <option value="ids">ids</option>
            </Select>
          )}
        </Field>
        <Field label={t("settings.payload_limit")} error={fault("/settings/payload_limit")}>
          {(tie) => (
            <Input {...tie} type="number" min={1} max={16777216} placeholder="262144" value={fields.payloadLimit}
              onChange={(event) => set({ payloadLimit: event.target.value })} />
          )}
        </Field>
        <Field label={t("settings.retention")} hint={t("settings.retention_hint")} error={fault("/settings/retention_days")}>
          {(tie) => (
            <Input {...tie} type="number" min={1} max={36500} value={fields.retentionDays}
              onChange={(event) => set({ retentionDays: event.target.value })} />
          )}
        </Field>
        <Field label={t("settings.window")} hint={t("settings.window_hint")} error={fault("/settings/auth_window")}>
          {(tie) => (
            <Input {...tie} type="number" min={1} max={31536000} value={fields.authWindow}
              onChange={(event) => set({ authWindow: event.target.value })} />
          )}
        </Field>
      </fieldset>
    </SaveForm>
  );
}
