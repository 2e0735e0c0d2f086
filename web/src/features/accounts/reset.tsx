// SPDX-License-Identifier: Apache-2.0
// A link by which a person sets a new password; it is handed over by whoever made it.
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";
import { Once } from "@/components/ui/copy";
import { Dialog } from "@/components/ui/dialog";
import { FormProblem } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { useResetAccount } from "./queries";

export default function ResetAccount({ account, onClose }: { account: string; onClose: () => void }) {
  const { t } = useTranslation();
  const reset = useResetAccount(account);
  const made = reset.data;
  return (
    <Dialog
      title={t("accounts.reset_title", { key: account })}
      onClose={onClose}
      footer={
        made ? (
          <Button kind="primary" onClick={onClose}>
            {t("action.done")}
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>{t("action.cancel")}</Button>
            <Button kind="primary" busy={reset.isPending} onClick={() => reset.mutate()}>
              {t("accounts.reset_make")}
            </Button>
          </>
        )
      }
    >
      {made ? (
        <>
          <p className="mb-3 text-ink-2">
            {t("accounts.reset_once")} <Time value={made.expires_at} />
          </p>
          <Once label={t("accounts.reset_link")} text={`${location.origin}/reset#${made.token}`} />
        </>
      ) : (
        <p className="text-ink-2">{t("accounts.reset_text")}</p>
      )}
      {reset.isError && (
        <div className="mt-3">
          <FormProblem error={reset.error} />
        </div>
      )}
    </Dialog>
  );
}
