// SPDX-License-Identifier: Apache-2.0
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";
import { Once } from "@/components/ui/copy";
import { Dialog } from "@/components/ui/dialog";
import { FormDialog } from "@/components/ui/form-dialog";
import { Choice, Field, Input, Select } from "@/components/ui/form";
import { roleKeysQuery } from "@/features/accounts/queries";
import { productKeysQuery } from "@/features/products/queries";
import { useMay } from "@/features/session/queries";
import { faultAt } from "@/lib/errors";
import { newId } from "@/lib/new-id";
import { useCreateToken } from "./queries";

const DAY_MS = 86_400_000;
const TERMS = ["30", "90", "365", "none"] as const;

function endOf(days: string): string | null {
  return days === "none" ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString();
}

function Made({ token, onClose }: { token: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      title={t("tokens.created")}
      onClose={onClose}
      footer={
        <Button kind="primary" onClick={onClose}>
          {t("action.done")}
        </Button>
      }
    >
      <p className="mb-3 text-ink-2">{t("tokens.once")}</p>
      <Once label={t("tokens.token")} text={token} />
    </Dialog>
  );
}

export default function CreateToken({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const create = useCreateToken();
  const roles = useQuery({ ...roleKeysQuery, enabled: may("roles:read") });
  const products = useQuery(productKeysQuery);
  const [once] = useState(newId);
  const [name, setName] = useState("");
  const [role, setRole] = useState("viewer");
  const [term, setTerm] = useState<(typeof TERMS)[number]>("90");
  const [some, setSome] = useState<"all" | "some">("all");
  const [chosen, setChosen] = useState<string[]>([]);

  if (create.data) return <Made token={create.data.token} onClose={onClose} />;
  const toggle = (key: string) => setChosen(chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key]);
  return (
    <FormDialog
      title={t("tokens.create")}
      action={t("action.create")}
      busy={create.isPending}
      disabled={some === "some" && chosen.length === 0}
      error={create.error}
      onClose={onClose}
      onSubmit={() =>
        create.mutate({ body: { name, role, products: some === "some" ? chosen : null, expires_at: endOf(term) }, once })
      }
    >
      <Field label={t("field.name")} hint={t("tokens.name_hint")} error={faultAt(create.error, "/name")}>
        {(tie) => <Input {...tie} autoFocus required maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field label={t("tokens.role")} error={faultAt(create.error, "/role")}>
        {(tie) => (
          <Select {...tie} value={role} onChange={(event) => setRole(event.target.value)}>
            {(roles.data ?? ["viewer"]).map((one) => <option key={one}>{one}</option>)}
          </Select>
        )}
      </Field>
      <Field label={t("tokens.expires")}>
        {(tie) => (
          <Select {...tie} value={term} onChange={(event) => setTerm(event.target.value as typeof term)}>
            {TERMS.map((days) => (
              <option key={days} value={days}>
                {days === "none" ? t("tokens.no_end") : t("tokens.days", { n: days })}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div className="flex flex-col items-start gap-2">
        <Choice
          label={t("nav.products")}
          value={some}
          onChange={setSome}
          options={[
            { value: "all", label: t("tokens.all_products") },
            { value: "some", label: t("tokens.some_products") },
          ]}
        />
        {some === "some" && (
          <fieldset className="flex max-h-40 w-full flex-col gap-1 overflow-y-auto rounded-md border p-2">
            <legend className="sr-only">{t("nav.products")}</legend>
            {products.data?.map((key) => (
              <label key={key} className="flex items-center gap-2">
                <input type="checkbox" className="size-3.5 accent-accent" checked={chosen.includes(key)} onChange={() => toggle(key)} />
                {key}
              </label>
            ))}
          </fieldset>
        )}
      </div>
    </FormDialog>
  );
}
