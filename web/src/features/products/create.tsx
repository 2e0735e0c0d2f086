// SPDX-License-Identifier: Apache-2.0
import { useNavigate } from "@tanstack/react-router";
import { useId, useState, type FormEvent } from "react";
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";
import { Once } from "@/components/ui/copy";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input, Select, Textarea } from "@/components/ui/form";
import { FormProblem } from "@/components/ui/states";
import { faultAt } from "@/lib/errors";
import { newId } from "@/lib/new-id";
import { useCreateProduct, type Settings } from "./queries";

const KEY_PATTERN = "[A-Za-z0-9_\\-]{1,128}";

export default function CreateProduct({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const form = useId();
  const create = useCreateProduct();
  const [once] = useState(newId);
  const [key, setKey] = useState("");
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [auth, setAuth] = useState<NonNullable<Settings["auth"]>>("device_key");

  const open = () => void navigate({ to: "/products/$product", params: { product: key } });
  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate(
      { body: { key, name, description, settings: { auth } }, once: `${once}-${key}-${auth}` },
      { onSuccess: (made) => !made.product_key && open() },
    );
  }
  if (create.data?.product_key) {
    return (
      <Dialog
        title={t("products.created", { key })}
        onClose={open}
        footer={
          <Button kind="primary" onClick={open}>
            {t("action.done")}
          </Button>
        }
      >
        <p className="mb-3 text-ink-2">{t("products.key_once")}</p>
        <Once label={t("products.product_key")} text={create.data.product_key} />
      </Dialog>
    );
  }
  return (
    <Dialog
      title={t("products.create")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button kind="primary" type="submit" form={form} busy={create.isPending}>
            {t("action.create")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("field.key")} hint={t("field.key_hint")} error={faultAt(create.error, "/key")}>
          {(tie) => (
            <Input {...tie} autoFocus required pattern={KEY_PATTERN} maxLength={128} className="font-mono" value={key}
              onChange={(event) => setKey(event.target.value)} />
          )}
        </Field>
        <Field label={t("field.name")} error={faultAt(create.error, "/name")}>
          {(tie) => <Input {...tie} maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label={t("field.description")}>
          {(tie) => (
            <Textarea {...tie} rows={2} maxLength={4000} value={description}
              onChange={(event) => setDescription(event.target.value)} />
          )}
        </Field>
        <Field label={t("settings.auth")} hint={t("settings.auth_hint")}>
          {(tie) => (
            <Select {...tie} value={auth} onChange={(event) => setAuth(event.target.value as typeof auth)}>
              <option value="device_key">{t("settings.auth_device_key")}</option>
              <option value="product_key">{t("settings.auth_product_key")}</option>
            </Select>
          )}
        </Field>
        <FormProblem error={create.error} />
      </form>
    </Dialog>
  );
}
