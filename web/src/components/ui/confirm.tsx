// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";

interface ConfirmProps {
  title: string;
  text: ReactNode;
  action: string;
  busy: boolean;
  onClose: () => void;
  onConfirm: () => void;
}

export function Confirm({ title, text, action, busy, onClose, onConfirm }: ConfirmProps) {
  const { t } = useTranslation();
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button autoFocus onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button kind="danger" busy={busy} onClick={onConfirm}>
            {action}
          </Button>
        </>
      }
    >
      <div className="text-ink-2">{text}</div>
    </Dialog>
  );
}
