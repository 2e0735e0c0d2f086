// SPDX-License-Identifier: Apache-2.0
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "@/lib/i18n";
import { Confirm } from "@/components/ui/confirm";
import { useDeleteAccount } from "./queries";

export default function DeleteAccount({ account, onClose }: { account: string; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const remove = useDeleteAccount(account);
  return (
    <Confirm
      title={t("accounts.delete_title", { key: account })}
      text={t("accounts.delete_text")}
      action={t("action.delete")}
      word={account}
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: "/accounts" }) })}
    />
  );
}
