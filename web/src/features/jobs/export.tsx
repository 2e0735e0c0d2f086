// SPDX-License-Identifier: Apache-2.0
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { Field, Input, Select } from "@/components/ui/form";
import { FormDialog } from "@/components/ui/form-dialog";
import { newId } from "@/lib/new-id";
import { dayStart } from "@/lib/time";
import { useExport, type Selection } from "./queries";

const WHAT = ["devices", "history", "events"] as const;

export default function Export({ selection, onClose }: { selection: Selection; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const start = useExport();
  const [once] = useState(newId);
  const [what, setWhat] = useState<(typeof WHAT)[number]>("devices");
  const [format, setFormat] = useState<"csv" | "jsonl">("csv");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const span = what === "devices" ? {} : { ...(from ? { from: dayStart(from, 0) } : {}), ...(to ? { to: dayStart(to, 1) } : {}) };
  const submit = () =>
    start.mutate(
      { body: { what, format, selection, ...span }, once },
      { onSuccess: (job) => void navigate({ to: "/jobs/$job", params: { job: String(job.id) } }) },
    );
  return (
    <FormDialog title={t("jobs.export")} action={t("jobs.start")} busy={start.isPending} error={start.error} onClose={onClose} onSubmit={submit}>
      <p className="text-ink-2">{t("jobs.export_text")}</p>
      <Field label={t("jobs.what")}>
        {(tie) => (
          <Select {...tie} autoFocus value={what} onChange={(event) => setWhat(event.target.value as typeof what)}>
            {WHAT.map((one) => (
              <option key={one} value={one}>
                {t(`jobs.what_${one}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t("jobs.format")}>
        {(tie) => (
          <Select {...tie} value={format} onChange={(event) => setFormat(event.target.value === "jsonl" ? "jsonl" : "csv")}>
            <option value="csv">CSV</option>
            <option value="jsonl">JSON Lines</option>
          </Select>
        )}
      </Field>
      {what !== "devices" && (
        <div className="grid grid-cols-2 gap-4">
          <Field label={t("jobs.from")}>{(tie) => <Input {...tie} type="date" value={from} onChange={(event) => setFrom(event.target.value)} />}</Field>
          <Field label={t("jobs.to")}>{(tie) => <Input {...tie} type="date" value={to} onChange={(event) => setTo(event.target.value)} />}</Field>
        </div>
      )}
    </FormDialog>
  );
}
