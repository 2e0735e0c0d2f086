// SPDX-License-Identifier: Apache-2.0
import { useState, type ReactNode } from "react";
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/form";
import { FormProblem } from "@/components/ui/states";

interface ConfirmProps {
  title: string;
  text: ReactNode;
  action: string;
  busy: boolean;
  /** What has to be typed first, for what cannot be undone. */
  word?: string | undefined;
  error?: unknown;
  onClose: () => void;
  onConfirm: () => void;
}

export function Confirm({ title, text, action, busy, word, error, onClose, onConfirm }: ConfirmProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const ready = word === undefined || typed === word;
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button autoFocus={word === undefined} onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button kind="danger" busy={busy} disabled={!ready} onClick={onConfirm}>
            {action}
          </Button>
        </>
      }
    >
      <div className="text-ink-2">{text}</div>
      {word !== undefined && (
        <form
          className="mt-4"
          onSubmit={(event) => {
            event.preventDefault();
            if (ready && !busy) onConfirm();
          }}
        >
          <Field label={t("action.confirm", { word })}>
            {(tie) => (
              <Input {...tie} autoFocus className="font-mono" value={typed} onChange={(event) => setTyped(event.target.value)} />
            )}
          </Field>
        </form>
      )}
      {error !== undefined && error !== null && (
        <div className="mt-3">
          <FormProblem error={error} />
        </div>
      )}
    </Dialog>
  );
}
