// SPDX-License-Identifier: Apache-2.0
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";
import { Once } from "@/components/ui/copy";
import { Dialog } from "@/components/ui/dialog";
import { FormDialog } from "@/components/ui/form-dialog";
import { Field, Input } from "@/components/ui/form";
import { faultAt } from "@/lib/errors";
import { newId } from "@/lib/new-id";
import { Grants } from "./grants";
import { useCreateAccount, type Grant } from "./queries";

export default function CreateAccount({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const create = useCreateAccount();
  const [once] = useState(newId);
  const [key, setKey] = useState("");
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [grants, setGrants] = useState<Grant[]>([{ role: "viewer", product: null }]);
  const fault = (path: string) => faultAt(create.error, path);

  if (create.data) {
    const done = () => void navigate({ to: "/accounts/$account", params: { account: create.data.key } });
    return (
      <Dialog
        title={t("accounts.created", { key: create.data.key })}
        onClose={done}
        footer={
          <Button kind="primary" onClick={done}>
            {t("action.done")}
          </Button>
        }
      >
        <p className="mb-3 text-ink-2">{t("accounts.password_once")}</p>
        <Once label={t("accounts.password")} text={create.data.password ?? ""} />
      </Dialog>
    );
  }
  const body = { key, name, email, roles: grants };
  return (
    <FormDialog
      title={t("accounts.create")}
      action={t("action.create")}
      busy={create.isPending}
      error={create.error}
      onClose={onClose}
      onSubmit={() => create.mutate({ body, once })}
    >
      <Field label={t("field.key")} hint={t("accounts.key_hint")} error={fault("/key")}>
        {(tie) => (
          <Input {...tie} autoFocus required maxLength={128} pattern="[a-z0-9][a-z0-9._@+\-]*" className="font-mono" value={key} onChange={(event) => setKey(event.target.value)} />
        )}
      </Field>
      <Field label={t("field.name")} error={fault("/name")}>
        {(tie) => <Input {...tie} maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field label={t("accounts.email")} error={fault("/email")}>
        {(tie) => <Input {...tie} type="email" maxLength={254} value={email} onChange={(event) => setEmail(event.target.value)} />}
      </Field>
      <Grants grants={grants} onChange={setGrants} fault={fault} />
    </FormDialog>
  );
}
