// SPDX-License-Identifier: Apache-2.0
import { useState, type FormEvent } from "react";
import { useTranslation } from "@/lib/i18n";
import { LanguageMenu, ThemeButton } from "@/components/layout/preferences";
import { Logo } from "@/components/layout/logo";
import { Button } from "@/components/ui/button";
import { Choice, Field, Input } from "@/components/ui/form";
import { FormProblem } from "@/components/ui/states";
import { toApiError } from "@/lib/errors";
import { Elsewhere, Failed, type Failure } from "./elsewhere";
import { Forgot } from "./forgot";
import { useSignIn, useTokenSignIn, useWays } from "./queries";

function AccountForm({ onDone, onForgot }: { onDone: () => void; onForgot: () => void }) {
  const { t } = useTranslation();
  const signIn = useSignIn();
  const [account, setAccount] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [wantsCode, setWantsCode] = useState(false);
  const mayReset = useWays().data?.reset === true;
  const asksCode = signIn.isError && toApiError(signIn.error).code === "second_factor_required";

  function submit(event: FormEvent) {
    event.preventDefault();
    signIn.mutate(
      { account, password, ...(code ? { code } : {}) },
      {
        onSuccess: onDone,
        onError: (error) => toApiError(error).code === "second_factor_required" && setWantsCode(true),
      },
    );
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label={t("session.account")}>
        {(tie) => (
          <Input
            {...tie}
            autoComplete="username"
            autoFocus
            required
            value={account}
            onChange={(event) => setAccount(event.target.value)}
          />
        )}
      </Field>
      <Field label={t("session.password")}>
        {(tie) => (
          <Input
            {...tie}
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      {wantsCode && (
        <Field label={t("session.code")} hint={t("session.code_hint")}>
          {(tie) => (
            <Input
              {...tie}
              autoComplete="one-time-code"
              autoFocus
              required
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
          )}
        </Field>
      )}
      {!asksCode && <FormProblem error={signIn.error} />}
      <Button kind="primary" type="submit" busy={signIn.isPending}>
        {t("session.sign_in")}
      </Button>
      {mayReset && (
        <Button kind="quiet" onClick={onForgot}>
          {t("session.forgot")}
        </Button>
      )}
    </form>
  );
}

function TokenForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const signIn = useTokenSignIn();
  const [token, setToken] = useState("");
  function submit(event: FormEvent) {
    event.preventDefault();
    signIn.mutate(token.trim(), { onSuccess: onDone });
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label={t("session.token")} hint={t("session.token_hint")}>
        {(tie) => (
          <Input
            {...tie}
            type="password"
            className="font-mono"
            autoFocus
            required
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        )}
      </Field>
      <FormProblem error={signIn.error} />
      <Button kind="primary" type="submit" busy={signIn.isPending}>
        {t("session.sign_in")}
      </Button>
    </form>
  );
}

interface SignInProps {
  /** Page to end on. */
  to: string;
  failed?: Failure | undefined;
  onDone: () => void;
}

export function SignIn({ to, failed, onDone }: SignInProps) {
  const { t } = useTranslation();
  const [way, setWay] = useState<"account" | "token">("account");
  const [forgot, setForgot] = useState(false);
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-6 p-4">
      <div className="w-full max-w-sm rounded-xl border bg-panel p-6 shadow-sm">
        <div className="mb-6 flex items-center justify-between">
          <h1 className="flex items-center gap-2.5 text-lg font-semibold tracking-tight">
            <Logo className="size-7" /> thingd
          </h1>
          <Choice
            label={t("session.way")}
            value={way}
            onChange={setWay}
            options={[
              { value: "account", label: t("session.by_account") },
              { value: "token", label: t("session.by_token") },
            ]}
          />
        </div>
        {failed && <Failed why={failed} />}
        {way === "token" ? (
          <TokenForm onDone={onDone} />
        ) : forgot ? (
          <Forgot onBack={() => setForgot(false)} />
        ) : (
          <>
            <Elsewhere to={to} />
            <AccountForm onDone={onDone} onForgot={() => setForgot(true)} />
          </>
        )}
      </div>
      <div className="flex items-center gap-1">
        <LanguageMenu />
        <ThemeButton />
      </div>
    </main>
  );
}
