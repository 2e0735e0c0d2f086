// SPDX-License-Identifier: Apache-2.0
import { useState, type FormEvent } from "react";
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/form";
import { Panel } from "@/components/ui/panel";
import { FormProblem } from "@/components/ui/states";
import { faultAt } from "@/lib/errors";
import { toast } from "@/lib/toast";
import { useChangePassword, useSession } from "./queries";

export function ChangePassword({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const session = useSession();
  const change = useChangePassword();
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const differs = again !== "" && again !== password;

  function submit(event: FormEvent) {
    event.preventDefault();
    change.mutate(
      { current, password },
      {
        onSuccess: () => {
          toast.say(t("session.password_changed"));
          onDone();
        },
      },
    );
  }
  return (
    <Panel title={t("session.change_password")} className="w-full max-w-md">
      <form onSubmit={submit} className="flex flex-col gap-4">
        {session.must_change_password && <p className="text-ink-2">{t("session.must_change")}</p>}
        <input type="hidden" autoComplete="username" value={session.name} readOnly />
        <Field label={t("session.current_password")}>
          {(tie) => (
            <Input {...tie} type="password" autoComplete="current-password" required value={current}
              onChange={(event) => setCurrent(event.target.value)} />
          )}
        </Field>
        <Field label={t("session.new_password")} error={faultAt(change.error, "/password")}>
          {(tie) => (
            <Input {...tie} type="password" autoComplete="new-password" required value={password}
              onChange={(event) => setPassword(event.target.value)} />
          )}
        </Field>
        <Field label={t("session.again")} error={differs ? t("session.differs") : undefined}>
          {(tie) => (
            <Input {...tie} type="password" autoComplete="new-password" required value={again}
              onChange={(event) => setAgain(event.target.value)} />
          )}
        </Field>
        <FormProblem error={change.error} />
        <Button kind="primary" type="submit" busy={change.isPending} disabled={differs || !again}>
          {t("session.change_password")}
        </Button>
      </form>
    </Panel>
  );
}
