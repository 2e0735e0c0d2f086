// SPDX-License-Identifier: Apache-2.0
// Asking for a link that sets a new password. Nobody learns here whether there is such an account.
import { useState, type FormEvent } from "react";
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/form";
import { FormProblem } from "@/components/ui/states";
import { useAskReset } from "./queries";

export function Forgot({ onBack }: { onBack: () => void }) {
  const { t, language } = useTranslation();
  const ask = useAskReset();
  const [account, setAccount] = useState("");

  function submit(event: FormEvent) {
    event.preventDefault();
    ask.mutate({ account: account.trim(), language: language === "zh" ? "zh" : "en" });
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {ask.isSuccess ? (
        <p role="status">{t("session.reset_asked")}</p>
      ) : (
        <>
          <Field label={t("session.account_or_mail")} hint={t("session.forgot_hint")}>
            {(tie) => (
              <Input {...tie} autoComplete="username" autoFocus required value={account}
                onChange={(event) => setAccount(event.target.value)} />
            )}
          </Field>
          <FormProblem error={ask.error} />
          <Button kind="primary" type="submit" busy={ask.isPending}>
            {t("session.reset_ask")}
          </Button>
        </>
      )}
      <Button kind="quiet" onClick={onBack}>
        {t("session.back")}
      </Button>
    </form>
  );
}
