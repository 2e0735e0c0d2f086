// SPDX-License-Identifier: Apache-2.0
import { useSuspenseQuery } from "@tanstack/react-query";
import { KeyRound, LogOut, ShieldOff, Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Field, Input, Select } from "@/components/ui/form";
import { PageHead, Panel } from "@/components/ui/panel";
import { SaveForm } from "@/components/ui/save-form";
import { Time } from "@/components/ui/time";
import { useMay, useSession } from "@/features/session/queries";
import type { Tagged } from "@/lib/api/client";
import { useDraft } from "@/lib/draft";
import { faultAt } from "@/lib/errors";
import { toast } from "@/lib/toast";
import { Grants } from "./grants";
import { accountQuery, useEndAccountSessions, useRemoveSecondFactor, useUpdateAccount, type Account } from "./queries";

const DeleteAccount = lazy(() => import("./delete"));
const ResetAccount = lazy(() => import("./reset"));

const toForm = ({ name, email, enabled, roles }: Account) => ({ name, email, enabled, roles });

function Form({ account, readOnly }: { account: Tagged<Account>; readOnly: boolean }) {
  const { t } = useTranslation();
  const update = useUpdateAccount(account.data.key);
  const draft = useDraft(account, toForm);
  const { base, fields, set } = draft;
  const fault = (path: string) => faultAt(update.error, path);
  function body() {
    const { roles, ...rest } = fields;
    // Roles that a provider of identities decides are not sent back to it.
    return JSON.stringify(roles) === JSON.stringify(base.roles) ? rest : fields;
  }
  return (
    <SaveForm draft={draft} update={update} body={body} readOnly={readOnly}>
      <fieldset disabled={readOnly} className="grid gap-4 md:grid-cols-2">
        <Field label={t("field.name")} error={fault("/name")}>
          {(tie) => <Input {...tie} maxLength={200} value={fields.name} onChange={(event) => set({ name: event.target.value })} />}
        </Field>
        <Field label={t("accounts.email")} error={fault("/email")}>
          {(tie) => <Input {...tie} type="email" maxLength={254} value={fields.email} onChange={(event) => set({ email: event.target.value })} />}
        </Field>
        <Field label={t("field.state")} hint={t("accounts.enabled_hint")}>
          {(tie) => (
            <Select {...tie} value={String(fields.enabled)} onChange={(event) => set({ enabled: event.target.value === "true" })}>
              <option value="true">{t("field.enabled")}</option>
              <option value="false">{t("field.disabled")}</option>
            </Select>
          )}
        </Field>
        <Grants grants={fields.roles} onChange={(roles) => set({ roles })} fault={fault} />
      </fieldset>
    </SaveForm>
  );
}

function Facts({ account }: { account: Account }) {
  const { t } = useTranslation();
  const state = account.must_change_password ? "must_change" : account.has_password ? "has_password" : "no_password";
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
      <dt className="text-ink-3">{t("accounts.password")}</dt>
      <dd>{t(`accounts.${state}`)}</dd>
      <dt className="text-ink-3">{t("accounts.second_factor")}</dt>
      <dd>
        <Badge tone={account.second_factor ? "good" : "plain"}>{t(account.second_factor ? "accounts.on" : "accounts.off")}</Badge>
      </dd>
      <dt className="text-ink-3">{t("accounts.signed_in")}</dt>
      <dd>
        <Time value={account.signed_in_at} fallback={t("presence.never")} />
      </dd>
      <dt className="text-ink-3">{t("field.created")}</dt>
      <dd>
        <Time value={account.created_at} />
      </dd>
    </dl>
  );
}

function SignIn({ account, onReset }: { account: Account; onReset: () => void }) {
  const { t } = useTranslation();
  const endSessions = useEndAccountSessions(account.key);
  const removeFactor = useRemoveSecondFactor(account.key);
  return (
    <div className="mt-4 flex flex-wrap gap-2 border-t pt-4">
      <Button onClick={onReset}>
        <KeyRound className="size-3.5" aria-hidden /> {t("accounts.reset")}
      </Button>
      <Button busy={endSessions.isPending} onClick={() => endSessions.mutate(undefined, { onSuccess: () => toast.say(t("accounts.sessions_ended")) })}>
        <LogOut className="size-3.5" aria-hidden /> {t("accounts.end_sessions")}
      </Button>
      {account.second_factor && (
        <Button
          kind="danger"
          busy={removeFactor.isPending}
          onClick={() => removeFactor.mutate(undefined, { onSuccess: () => toast.say(t("accounts.factor_removed")) })}
        >
          <ShieldOff className="size-3.5" aria-hidden /> {t("accounts.remove_factor")}
        </Button>
      )}
    </div>
  );
}

export function AccountPage({ account: key }: { account: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const session = useSession();
  const { data } = useSuspenseQuery(accountQuery(key));
  const [dialog, setDialog] = useState<"delete" | "reset" | null>(null);
  const account = data.data;
  const self = session.kind === "account" && session.name === key;
  return (
    <>
      <PageHead
        title={
          <>
            {account.key}
            {self && <Badge tone="accent">{t("accounts.you")}</Badge>}
            {!account.enabled && <Badge tone="warn">{t("field.disabled")}</Badge>}
          </>
        }
        text={account.name}
        actions={
          may("accounts:delete") &&
          !self && (
            <Button kind="danger" onClick={() => setDialog("delete")}>
              <Trash2 className="size-3.5" aria-hidden /> {t("action.delete")}
            </Button>
          )
        }
      />
      <div className="grid items-start gap-3 xl:grid-cols-[3fr_2fr]">
        <Panel title={t("accounts.one")}>
          <Form account={data} readOnly={!may("accounts:update")} />
        </Panel>
        <Panel title={t("accounts.sign_in")}>
          <Facts account={account} />
          {may("accounts:update") && <SignIn account={account} onReset={() => setDialog("reset")} />}
        </Panel>
      </div>
      <Suspense>
        {dialog === "delete" && <DeleteAccount account={key} onClose={() => setDialog(null)} />}
        {dialog === "reset" && <ResetAccount account={key} onClose={() => setDialog(null)} />}
      </Suspense>
    </>
  );
}
