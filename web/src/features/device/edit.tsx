// SPDX-License-Identifier: Apache-2.0
import { useId, useState, type FormEvent } from "react";
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input, Select } from "@/components/ui/form";
import { FormProblem } from "@/components/ui/states";
import type { Device } from "@/features/devices/queries";
import { pretty } from "@/lib/data";
import { faultAt } from "@/lib/errors";
import { mergePatch } from "@/lib/merge-patch";
import { toast } from "@/lib/toast";
import { JsonField, parseObject } from "./json-field";
import { useUpdateDevice, type DeviceId } from "./queries";

interface EditDeviceProps {
  id: DeviceId;
  device: Device;
  etag: string | null;
  onClose: () => void;
}

export default function EditDevice({ id, device, etag, onClose }: EditDeviceProps) {
  const { t } = useTranslation();
  const form = useId();
  const update = useUpdateDevice(id);
  const [start] = useState({ device, etag });
  const [name, setName] = useState(device.name);
  const [tags, setTags] = useState(device.tags.join(" "));
  const [enabled, setEnabled] = useState(device.enabled);
  const [attributes, setAttributes] = useState(() => pretty(device.attributes));
  const value = parseObject(attributes);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!value) return;
    const body = {
      name,
      enabled,
      tags: [...new Set(tags.split(/[\s,]+/).filter(Boolean))],
      attributes: mergePatch(start.device.attributes, value),
    };
    update.mutate(
      { body, etag: start.etag },
      {
        onSuccess: () => {
          toast.say(t("state.saved"));
          onClose();
        },
      },
    );
  }
  return (
    <Dialog
      title={t("device.edit", { key: device.key })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button kind="primary" type="submit" form={form} busy={update.isPending} disabled={!value}>
            {t("action.save")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("field.name")} error={faultAt(update.error, "/name")}>
          {(tie) => <Input {...tie} autoFocus maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label={t("field.tags")} hint={t("devices.tags_hint")} error={faultAt(update.error, "/tags/0")}>
          {(tie) => <Input {...tie} value={tags} onChange={(event) => setTags(event.target.value)} />}
        </Field>
        <Field label={t("field.state")} hint={t("device.enabled_hint")}>
          {(tie) => (
            <Select {...tie} value={String(enabled)} onChange={(event) => setEnabled(event.target.value === "true")}>
              <option value="true">{t("field.enabled")}</option>
              <option value="false">{t("field.disabled")}</option>
            </Select>
          )}
        </Field>
        <JsonField label={t("field.attributes")} rows={5} value={attributes} onChange={setAttributes} />
        <FormProblem error={update.error} />
      </form>
    </Dialog>
  );
}
