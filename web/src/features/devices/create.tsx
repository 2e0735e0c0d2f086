// SPDX-License-Identifier: Apache-2.0
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useId, useState, type FormEvent } from "react";
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";
import { Once } from "@/components/ui/copy";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input, Select } from "@/components/ui/form";
import { FormProblem } from "@/components/ui/states";
import { productKeysQuery } from "@/features/products/queries";
import type { Schemas } from "@/lib/api/client";
import { faultAt } from "@/lib/errors";
import { newId } from "@/lib/new-id";
import { useCreateDevice } from "./queries";

function Credentials({ made, onDone }: { made: Schemas["DeviceCreated"]; onDone: () => void }) {
  const { t } = useTranslation();
  const { username, client_id, secret } = made.credentials ?? {};
  return (
    <Dialog
      title={t("devices.created", { key: made.key })}
      onClose={onDone}
      footer={
        <Button kind="primary" onClick={onDone}>
          {t("action.done")}
        </Button>
      }
    >
      <p className="mb-3 text-ink-2">{t(secret ? "devices.secret_once" : "devices.product_key_used")}</p>
      <div className="flex flex-col gap-3">
        <Once label={t("devices.username")} text={username ?? ""} />
        <Once label={t("devices.client_id")} text={client_id ?? ""} />
        {secret && <Once label={t("devices.secret")} text={secret} />}
      </div>
    </Dialog>
  );
}

export default function CreateDevice({ product: given, onClose }: { product: string | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const form = useId();
  const products = useQuery(productKeysQuery);
  const create = useCreateDevice();
  const [once] = useState(newId);
  const [chosen, setChosen] = useState(given);
  const [key, setKey] = useState("");
  const [name, setName] = useState("");
  const [tags, setTags] = useState("");
  const product = chosen ?? products.data?.[0] ?? "";

  function submit(event: FormEvent) {
    event.preventDefault();
    const body = { key, name, tags: tags.split(/[\s,]+/).filter(Boolean) };
    create.mutate({ product, body, once: `${once}-${product}-${key}` });
  }
  if (create.data) {
    const open = () => void navigate({ to: "/devices/$product/$device", params: { product, device: key } });
    return <Credentials made={create.data} onDone={open} />;
  }
  return (
    <Dialog
      title={t("devices.create")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button kind="primary" type="submit" form={form} busy={create.isPending} disabled={!product}>
            {t("action.create")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("field.product")} hint={products.data?.length === 0 ? t("devices.no_products") : undefined}>
          {(tie) => (
            <Select {...tie} required value={product} onChange={(event) => setChosen(event.target.value)}>
              {products.data?.map((one) => <option key={one}>{one}</option>)}
            </Select>
          )}
        </Field>
        <Field label={t("field.key")} hint={t("devices.key_hint")} error={faultAt(create.error, "/key")}>
          {(tie) => (
            <Input {...tie} autoFocus required pattern="[A-Za-z0-9_\-]{1,128}" className="font-mono" value={key}
              onChange={(event) => setKey(event.target.value)} />
          )}
        </Field>
        <Field label={t("field.name")}>
          {(tie) => <Input {...tie} maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label={t("field.tags")} hint={t("devices.tags_hint")} error={faultAt(create.error, "/tags/0")}>
          {(tie) => <Input {...tie} value={tags} onChange={(event) => setTags(event.target.value)} />}
        </Field>
        <FormProblem error={create.error} />
      </form>
    </Dialog>
  );
}
