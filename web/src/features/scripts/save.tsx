// SPDX-License-Identifier: Apache-2.0
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { FormDialog } from "@/components/ui/form-dialog";
import { Field, Input } from "@/components/ui/form";
import { useMay } from "@/features/session/queries";
import { newId } from "@/lib/new-id";
import { toast } from "@/lib/toast";
import { useActivate, useSaveVersion } from "./queries";

interface SaveProps {
  product: string;
  source: string;
  onSaved: () => void;
  onClose: () => void;
}

/** Keeps the draft as a version and, when wanted, puts it in force. */
export function SaveVersion({ product, source, onSaved, onClose }: SaveProps) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate({ from: "/scripts/$product" });
  const save = useSaveVersion(product);
  const activate = useActivate(product);
  const [once] = useState(newId);
  const [note, setNote] = useState("");
  const [force, setForce] = useState(false);

  async function submit() {
    try {
      const { number } = await save.mutateAsync({ body: { source, note }, once });
      if (force) await activate.mutateAsync(number);
      toast.say(t(force ? "scripts.activated" : "scripts.saved", { n: number }));
      onSaved();
      onClose();
      await navigate({ search: { version: number }, replace: true });
    } catch {
      // The form shows it.
    }
  }
  return (
    <FormDialog
      title={t("scripts.save")}
      action={t(force ? "scripts.save_activate" : "action.save")}
      busy={save.isPending || activate.isPending}
      error={save.error ?? activate.error}
      onClose={onClose}
      onSubmit={() => void submit()}
    >
      <Field label={t("scripts.note")} hint={t("scripts.note_hint")}>
        {(tie) => <Input {...tie} autoFocus maxLength={4000} value={note} onChange={(event) => setNote(event.target.value)} />}
      </Field>
      {may("scripts:activate") && (
        <label className="flex items-center gap-2">
          <input type="checkbox" className="size-3.5 accent-accent" checked={force} onChange={(event) => setForce(event.target.checked)} />
          {t("scripts.at_once")}
        </label>
      )}
    </FormDialog>
  );
}
