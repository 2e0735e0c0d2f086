// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { Field, Textarea } from "@/components/ui/form";
import { FormDialog } from "@/components/ui/form-dialog";
import { toast } from "@/lib/toast";
import { useChangeMembers } from "./queries";

export default function AddMembers({ group, onClose }: { group: string; onClose: () => void }) {
  const { t } = useTranslation();
  const change = useChangeMembers(group);
  const [text, setText] = useState("");
  const keys = [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
  return (
    <FormDialog
      title={t("groups.add")}
      action={t("action.add")}
      busy={change.isPending}
      disabled={keys.length === 0}
      error={change.error}
      onClose={onClose}
      onSubmit={() =>
        change.mutate(
          { add: keys },
          {
            onSuccess: ({ added, unknown }) => {
              toast.say(t("groups.added", { count: added }));
              if (unknown.length > 0) toast.say(t("groups.unknown", { keys: unknown.slice(0, 10).join(", ") }));
              onClose();
            },
          },
        )
      }
    >
      <Field label={t("groups.keys")} hint={t("groups.keys_hint")}>
        {(tie) => <Textarea {...tie} autoFocus required rows={6} className="font-mono text-xs leading-5" value={text} onChange={(event) => setText(event.target.value)} />}
      </Field>
    </FormDialog>
  );
}
