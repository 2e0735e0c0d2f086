// SPDX-License-Identifier: Apache-2.0
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { Choice, Field, Input, Select } from "@/components/ui/form";
import { FormDialog } from "@/components/ui/form-dialog";
import { productKeysQuery } from "@/features/products/queries";
import { faultAt } from "@/lib/errors";
import { newId } from "@/lib/new-id";
import { useCreateGroup, type DeviceQuery } from "./queries";
import { KINDS } from "./search";
import { QueryFields } from "./query-fields";

export default function CreateGroup({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const create = useCreateGroup();
  const products = useQuery(productKeysQuery);
  const [once] = useState(newId);
  const [key, setKey] = useState("");
  const [name, setName] = useState("");
  const [kind, setKind] = useState<(typeof KINDS)[number]>("static");
  const [product, setProduct] = useState("");
  const [query, setQuery] = useState<DeviceQuery>({});
  const submit = () =>
    create.mutate(
      { body: { key, name, kind, product: product || null, ...(kind === "query" ? { query } : {}) }, once },
      { onSuccess: () => void navigate({ to: "/groups/$group", params: { group: key } }) },
    );
  return (
    <FormDialog wide title={t("groups.create")} action={t("action.create")} busy={create.isPending} error={create.error} onClose={onClose} onSubmit={submit}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("field.key")} error={faultAt(create.error, "/key")}>
          {(tie) => (
            <Input {...tie} autoFocus required pattern="[A-Za-z0-9_\-]{1,128}" className="font-mono" value={key}
              onChange={(event) => setKey(event.target.value)} />
          )}
        </Field>
        <Field label={t("field.name")} error={faultAt(create.error, "/name")}>
          {(tie) => <Input {...tie} maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label={t("groups.product")} error={faultAt(create.error, "/product")}>
          {(tie) => (
            <Select {...tie} value={product} onChange={(event) => setProduct(event.target.value)}>
              <option value="">{t("groups.all_products")}</option>
              {products.data?.map((one) => <option key={one}>{one}</option>)}
            </Select>
          )}
        </Field>
        <div className="flex items-end">
          <Choice label={t("groups.kind")} value={kind} onChange={setKind} options={KINDS.map((value) => ({ value, label: t(`groups.kind_${value}`) }))} />
        </div>
      </div>
      {kind === "query" && <QueryFields query={query} onChange={setQuery} />}
    </FormDialog>
  );
}
