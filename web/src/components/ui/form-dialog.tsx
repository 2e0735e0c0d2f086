// SPDX-License-Identifier: Apache-2.0
// A form in a dialog: fields, the server's fault, cancel and one action.
import { useId, type ReactNode } from "react";
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { FormProblem } from "@/components/ui/states";

interface FormDialogProps {
  title: ReactNode;
  action: string;
  busy: boolean;
  disabled?: boolean;
  error: unknown;
  wide?: boolean;
  onClose: () => void;
  onSubmit: () => void;
  children: ReactNode;
}

export function FormDialog({ title, action, busy, disabled, error, wide, onClose, onSubmit, children }: FormDialogProps) {
  const { t } = useTranslation();
  const form = useId();
  return (
    <Dialog
      title={title}
      onClose={onClose}
      wide={wide}
      footer={
        <>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button kind="primary" type="submit" form={form} busy={busy} disabled={disabled}>
            {action}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
        <FormProblem error={error} />
      </form>
    </Dialog>
  );
}
