// SPDX-License-Identifier: Apache-2.0
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/form";
import { PageHead, Panel } from "@/components/ui/panel";
import { SaveForm } from "@/components/ui/save-form";
import { useMay } from "@/features/session/queries";
import type { Tagged } from "@/lib/api/client";
import { useDraft } from "@/lib/draft";
import { faultAt } from "@/lib/errors";
import { builtin } from "./matrix";
import { Permissions } from "./permissions";
import { catalogueQuery, roleQuery, useDeleteRole, useUpdateRole, type Catalogue, type Role } from "./queries";

const Confirm = lazy(() => import("@/components/ui/confirm").then(({ Confirm }) => ({ default: Confirm })));

interface EditorProps {
  role: Tagged<Role>;
  catalogue: Catalogue;
}

const toForm = ({ name, description, permissions }: Role) => ({ name, description, permissions: [...permissions].sort() });

function Editor({ role, catalogue }: EditorProps) {
  const { t } = useTranslation();
  const may = useMay();
  const update = useUpdateRole(role.data.key);
  const draft = useDraft(role, toForm);
  const { fields, set } = draft;
  const readOnly = !may("roles:update");
  const choose = (chosen: Set<string>) => set({ permissions: [...chosen].sort() });
  return (
    <SaveForm draft={draft} update={update} body={() => fields} readOnly={readOnly} flush>
      <fieldset disabled={readOnly} className="mb-3 grid gap-4 p-4 md:grid-cols-2">
        <Field label={t("field.name")} error={faultAt(update.error, "/name")}>
          {(tie) => <Input {...tie} maxLength={200} value={fields.name} onChange={(event) => set({ name: event.target.value })} />}
        </Field>
        <Field label={t("field.description")} error={faultAt(update.error, "/description")}>
          {(tie) => <Input {...tie} maxLength={4000} value={fields.description} onChange={(event) => set({ description: event.target.value })} />}
        </Field>
      </fieldset>
      <Permissions catalogue={catalogue} chosen={new Set(fields.permissions)} {...(readOnly ? {} : { onChange: choose })} />
    </SaveForm>
  );
}

function OwnRole({ role: key, catalogue }: { role: string; catalogue: Catalogue }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const { data } = useSuspenseQuery(roleQuery(key));
  const remove = useDeleteRole(key);
  const [asking, setAsking] = useState(false);
  return (
    <>
      <PageHead
        title={key}
        text={data.data.name}
        actions={
          may("roles:delete") && (
            <Button kind="danger" onClick={() => setAsking(true)}>
              <Trash2 className="size-3.5" aria-hidden /> {t("action.delete")}
            </Button>
          )
        }
      />
      <Panel title={t("roles.permissions")} flush>
        <Editor role={data} catalogue={catalogue} />
      </Panel>
      <Suspense>
        {asking && (
          <Confirm
            title={t("roles.delete_title", { key })}
            text={t("roles.delete_text")}
            action={t("action.delete")}
            word={key}
            busy={remove.isPending}
            error={remove.error}
            onClose={() => setAsking(false)}
            onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: "/roles" }) })}
          />
        )}
      </Suspense>
    </>
  );
}

export function RolePage({ role }: { role: string }) {
  const { t } = useTranslation();
  const { data: catalogue } = useSuspenseQuery(catalogueQuery);
  if (!catalogue.roles.includes(role)) return <OwnRole role={role} catalogue={catalogue} />;
  return (
    <>
      <PageHead title={<>{role} <Badge>{t("roles.builtin")}</Badge></>} text={t("roles.builtin_text")} />
      <Panel title={t("roles.permissions")} flush>
        <Permissions catalogue={catalogue} chosen={builtin(catalogue, role)} />
      </Panel>
    </>
  );
}
