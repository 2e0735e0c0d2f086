// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";
import { Once } from "@/components/ui/copy";
import { Dialog } from "@/components/ui/dialog";
import { FormDialog } from "@/components/ui/form-dialog";
import { Field, Input } from "@/components/ui/form";
import { toast } from "@/lib/toast";
import { Qr } from "./qr";
import { useBeginFactor, useConfirmFactor, useRemoveFactor } from "./queries";

function Password({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  return (
    <Field label={t("session.current_password")} hint={t("profile.password_hint")}>
      {(tie) => (
        <Input {...tie} type="password" autoComplete="current-password" autoFocus required value={value}
          onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  );
}

function Codes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      title={t("profile.factor_on")}
      onClose={onClose}
      footer={
        <Button kind="primary" onClick={onClose}>
          {t("action.done")}
        </Button>
      }
    >
      <p className="mb-3 text-ink-2">{t("profile.codes_text")}</p>
      <Once label={t("profile.codes")} text={codes.join(" ")} />
    </Dialog>
  );
}

export function SetUp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const begin = useBeginFactor();
  const confirm = useConfirmFactor();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  if (confirm.data) return <Codes codes={confirm.data.recovery_codes} onClose={onClose} />;
  if (!begin.data) {
    return (
      <FormDialog
        title={t("profile.set_up")}
        action={t("profile.next")}
        busy={begin.isPending}
        error={begin.error}
        onClose={onClose}
        onSubmit={() => begin.mutate(password)}
      >
        <Password value={password} onChange={setPassword} />
      </FormDialog>
    );
  }
  return (
    <FormDialog
      title={t("profile.set_up")}
      action={t("profile.turn_on")}
      busy={confirm.isPending}
      error={confirm.error}
      onClose={onClose}
      onSubmit={() => confirm.mutate(code.replace(/\s/g, ""))}
    >
      <p className="text-ink-2">{t("profile.scan")}</p>
      <div className="flex justify-center">
        <Qr text={begin.data.uri} label={t("profile.qr")} />
      </div>
      <Once label={t("profile.by_hand")} text={begin.data.secret} />
      <Field label={t("session.code")}>
        {(tie) => (
          <Input {...tie} inputMode="numeric" autoComplete="one-time-code" required minLength={6} maxLength={12} value={code}
            onChange={(event) => setCode(event.target.value)} />
        )}
      </Field>
    </FormDialog>
  );
}

export function TurnOff({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const remove = useRemoveFactor();
  const [password, setPassword] = useState("");
  return (
    <FormDialog
      title={t("profile.turn_off")}
      action={t("profile.turn_off")}
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onSubmit={() =>
        remove.mutate(password, {
          onSuccess: () => {
            toast.say(t("profile.factor_off"));
            onClose();
          },
        })
      }
    >
      <Password value={password} onChange={setPassword} />
    </FormDialog>
  );
}
