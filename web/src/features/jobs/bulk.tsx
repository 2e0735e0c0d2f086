// SPDX-License-Identifier: Apache-2.0
// What is done to many devices at once: to those that were chosen, or to all that match the filter.
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { Field, Input, Select, Textarea } from "@/components/ui/form";
import { FormDialog } from "@/components/ui/form-dialog";
import { parseObject } from "@/features/device/json-field";
import { useMay } from "@/features/session/queries";
import type { Schemas } from "@/lib/api/client";
import { newId } from "@/lib/new-id";
import { previewQuery, useAct, type Selection } from "./queries";

const ACTIONS = { tag: "devices:update", untag: "devices:update", enable: "devices:update", disable: "devices:update", command: "commands:create", delete: "devices:delete" } as const;
type Action = keyof typeof ACTIONS;

interface Choice {
  action: Action;
  tags: string;
  params: string;
  history: boolean;
}

/** Null: something is not filled in. */
function bodyOf({ action, tags, params, history }: Choice, selection: Selection): Schemas["BulkAction"] | null {
  const list = [...new Set(tags.split(/[\s,]+/).filter(Boolean))];
  const object = parseObject(params);
  if (action === "tag" || action === "untag") return list.length > 0 ? { action, selection, tags: list } : null;
  if (action === "command") return object ? { action, selection, command: { params: object } } : null;
  return { action, selection, ...(action === "delete" ? { history: history ? ("delete" as const) : ("keep" as const) } : {}) };
}

export default function Bulk({ selection, onClose }: { selection: Selection; onClose: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const act = useAct();
  const [once] = useState(newId);
  const [choice, setChoice] = useState<Choice>({ action: "tag", tags: "", params: "{}", history: false });
  const [word, setWord] = useState("");
  const set = (change: Partial<Choice>) => setChoice({ ...choice, ...change });
  const body = bodyOf(choice, selection);
  const preview = useQuery(previewQuery(body));
  const { action } = choice;
  const sure = action !== "delete" || word === t("jobs.word");
  const submit = () =>
    body && act.mutate({ body, once }, { onSuccess: (job) => void navigate({ to: "/jobs/$job", params: { job: String(job.id) } }) });
  return (
    <FormDialog
      title={t("jobs.bulk")}
      action={t("jobs.start")}
      busy={act.isPending}
      disabled={!body || !sure}
      error={act.error ?? preview.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <Field label={t("jobs.action")}>
        {(tie) => (
          <Select {...tie} autoFocus value={action} onChange={(event) => set({ action: event.target.value as Action })}>
            {(Object.keys(ACTIONS) as Action[]).filter((one) => may(ACTIONS[one])).map((one) => (
              <option key={one} value={one}>
                {t(`jobs.action_${one}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {(action === "tag" || action === "untag") && (
        <Field label={t("jobs.tags")}>
          {(tie) => <Input {...tie} required value={choice.tags} onChange={(event) => set({ tags: event.target.value })} />}
        </Field>
      )}
      {action === "command" && (
        <Field label={t("jobs.params")} error={parseObject(choice.params) ? undefined : t("state.not_json_object")}>
          {(tie) => <Textarea {...tie} rows={4} className="font-mono text-xs leading-5" value={choice.params} onChange={(event) => set({ params: event.target.value })} />}
        </Field>
      )}
      {action === "delete" && (
        <>
          <label className="flex items-center gap-2">
            <input type="checkbox" className="size-3.5 accent-accent" checked={choice.history} onChange={(event) => set({ history: event.target.checked })} />
            {t("jobs.history")}
          </label>
          <Field label={t("action.confirm", { word: t("jobs.word") })}>
            {(tie) => <Input {...tie} required value={word} onChange={(event) => setWord(event.target.value)} />}
          </Field>
        </>
      )}
      {preview.data && (
        <p className="break-words text-ink-2" role="status">
          {t("jobs.bulk_about", { count: preview.data.devices, sample: preview.data.sample.join(", ") })}
        </p>
      )}
    </FormDialog>
  );
}
