// SPDX-License-Identifier: Apache-2.0
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Field, Input, Textarea } from "@/components/ui/form";
import { PageHead, Panel } from "@/components/ui/panel";
import { SaveForm } from "@/components/ui/save-form";
import { useMay } from "@/features/session/queries";
import type { Tagged } from "@/lib/api/client";
import { useDraft } from "@/lib/draft";
import { faultAt } from "@/lib/errors";
import { mergePatch } from "@/lib/merge-patch";
import { Members } from "./members";
import { groupQuery, useDeleteGroup, useUpdateGroup, type DeviceQuery, type Group } from "./queries";

const QueryFields = lazy(() => import("./query-fields").then(({ QueryFields }) => ({ default: QueryFields })));
const Confirm = lazy(() => import("@/components/ui/confirm").then(({ Confirm }) => ({ default: Confirm })));

const toForm = ({ name, description, query }: Group) => ({ name, description, query });

function Form({ group, readOnly }: { group: Tagged<Group>; readOnly: boolean }) {
  const { t } = useTranslation();
  const update = useUpdateGroup(group.data.key);
  const draft = useDraft(group, toForm);
  const { base, fields, set } = draft;
  function body() {
    const { query, ...rest } = fields;
    return base.kind === "query" ? { ...rest, query: mergePatch(base.query, query) as DeviceQuery } : rest;
  }
  return (
    <SaveForm draft={draft} update={update} body={body} readOnly={readOnly}>
      <fieldset disabled={readOnly} className="flex flex-col gap-4">
        <Field label={t("field.name")} error={faultAt(update.error, "/name")}>
          {(tie) => <Input {...tie} maxLength={200} value={fields.name} onChange={(event) => set({ name: event.target.value })} />}
        </Field>
        <Field label={t("field.description")} error={faultAt(update.error, "/description")}>
          {(tie) => <Textarea {...tie} rows={2} maxLength={4000} value={fields.description} onChange={(event) => set({ description: event.target.value })} />}
        </Field>
        <Suspense>{base.kind === "query" && <QueryFields query={fields.query} onChange={(query) => set({ query })} />}</Suspense>
      </fieldset>
    </SaveForm>
  );
}

export function GroupPage({ group: key, cursor }: { group: string; cursor: string | undefined }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const { data } = useSuspenseQuery(groupQuery(key));
  const remove = useDeleteGroup(key);
  const [asking, setAsking] = useState(false);
  const group = data.data;
  return (
    <>
      <PageHead
        title={
          <>
            {key} <Badge tone={group.kind === "query" ? "accent" : "plain"}>{t(`groups.kind_${group.kind}`)}</Badge>
          </>
        }
        text={group.product ?? t("groups.all_products")}
        actions={
          may("groups:delete") && (
            <Button kind="danger" onClick={() => setAsking(true)}>
              <Trash2 className="size-3.5" aria-hidden /> {t("action.delete")}
            </Button>
          )
        }
      />
      <div className="grid items-start gap-3 xl:grid-cols-[2fr_3fr]">
        <Panel title={t("groups.one")}>
          <Form group={data} readOnly={!may("groups:update")} />
        </Panel>
        <Members group={key} cursor={cursor} editable={group.kind === "static" && may("groups:update")} />
      </div>
      <Suspense>
        {asking && (
          <Confirm
            title={t("groups.delete_title", { key })}
            text={t("groups.delete_text")}
            action={t("action.delete")}
            word={key}
            busy={remove.isPending}
            error={remove.error}
            onClose={() => setAsking(false)}
            onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: "/groups" }) })}
          />
        )}
      </Suspense>
    </>
  );
}
