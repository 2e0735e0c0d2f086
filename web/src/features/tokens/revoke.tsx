// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from "@/lib/i18n";
import { Confirm } from "@/components/ui/confirm";
import { toast } from "@/lib/toast";
import { useRevokeToken, type Token } from "./queries";

export default function RevokeToken({ token, onClose }: { token: Token; onClose: () => void }) {
  const { t } = useTranslation();
  const revoke = useRevokeToken();
  return (
    <Confirm
      title={t("tokens.revoke_name", { name: token.name })}
      text={t("tokens.revoke_text")}
      action={t("tokens.revoke")}
      word={token.name}
      busy={revoke.isPending}
      error={revoke.error}
      onClose={onClose}
      onConfirm={() =>
        revoke.mutate(token.id, {
          onSuccess: () => {
            toast.say(t("tokens.revoked"));
            onClose();
          },
        })
      }
    />
  );
}
