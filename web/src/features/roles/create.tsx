// SPDX-License-Identifier: Apache-2.0
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { FormDialog } from "@/components/ui/form-dialog";
import { Field, Input, Select } from "@/components/ui/form";
import { useMay } from "@/features/session/queries";
import { faultAt } from "@/lib/errors";
import { newId } from "@/lib/new-id";
import { builtin } from "./matrix";
import { useCreateRole, type Catalogue } from "./queries";

export default function CreateRole({ catalogue, onClose }: { catalogue: Catalogue; onClose: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const create = useCreateRole();
  const [once] = useState(newId);
  const [key, setKey] = useState("");
  const [name, setName] = useState("");
  const [like, setLike] = useState(catalogue.roles[0] ?? "");
  const submit = () =>
    create.mutate(
      { body: { key, name, permissions: [...builtin(catalogue, like)].filter((one) => may(one)) }, once },
      { onSuccess: () => void navigate({ to: "/roles/$role", params: { role: key } }) },
    );
  return (
    <FormDialog title={t("roles.create")} action={t("action.create")} busy={create.isPending} error={create.error} onClose={onClose} onSubmit={submit}>
      <Field label={t("field.key")} error={faultAt(create.error, "/key")}>
        {(tie) => (
          <Input {...tie} autoFocus required pattern="[A-Za-z0-9_\-]{1,128}" className="font-mono" value={key}
            onChange={(event) => setKey(event.target.value)} />
        )}
      </Field>
      <Field label={t("field.name")}>
        {(tie) => <Input {...tie} maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field label={t("roles.like")} hint={t("roles.like_hint")}>
        {(tie) => (
          <Select {...tie} value={like} onChange={(event) => setLike(event.target.value)}>
            {catalogue.roles.map((role) => <option key={role}>{role}</option>)}
          </Select>
        )}
      </Field>
    </FormDialog>
  );
}
