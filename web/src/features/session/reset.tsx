// SPDX-License-Identifier: Apache-2.0
// A new password by a link that somebody handed over. Its token stands behind the # and so in no server's log.
import { Link } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useTranslation } from "@/lib/i18n";
import { Logo } from "@/components/layout/logo";
import { Button, buttonClass } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/form";
import { FormProblem } from "@/components/ui/states";
import { faultAt } from "@/lib/errors";
import { useResetPassword } from "./queries";

export function ResetPassword({ token }: { token: string }) {
  const { t } = useTranslation();
  const reset = useResetPassword();
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const differs = again !== "" && again !== password;
  function submit(event: FormEvent) {
    event.preventDefault();
    reset.mutate({ token, password });
  }
  return (
    <main className="flex min-h-dvh items-center justify-center p-4">
      <div className="w-full max-w-sm rounded-xl border bg-panel p-6 shadow-sm">
        <h1 className="mb-6 flex items-center gap-2.5 text-lg font-semibold tracking-tight">
          <Logo className="size-7" /> {t("session.new_password")}
        </h1>
        {reset.isSuccess ? (
          <>
            <p className="mb-4 text-ink-2">{t("session.reset_done")}</p>
            <Link to="/sign-in" className={buttonClass("primary")}>
              {t("session.sign_in")}
            </Link>
          </>
        ) : (
          <form onSubmit={submit} className="flex flex-col gap-4">
            <Field label={t("session.new_password")} error={faultAt(reset.error, "/password")}>
              {(tie) => (
                <Input {...tie} type="password" autoComplete="new-password" autoFocus required value={password}
                  onChange={(event) => setPassword(event.target.value)} />
              )}
            </Field>
            <Field label={t("session.again")} error={differs ? t("session.differs") : undefined}>
              {(tie) => (
                <Input {...tie} type="password" autoComplete="new-password" required value={again}
                  onChange={(event) => setAgain(event.target.value)} />
              )}
            </Field>
            <FormProblem error={reset.error} />
            <Button kind="primary" type="submit" busy={reset.isPending} disabled={differs || !again || !token}>
              {t("session.change_password")}
            </Button>
          </form>
        )}
      </div>
    </main>
  );
}
